package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Whole;
import conformance.kit.HookNames;
import conformance.kit.Workspace;
import java.util.List;

/// In which order hooks are called, with what, and how often.
///
/// The original's own tests give objects, recorded as hooks return; other cases give names, recorded as hooks are entered.
/// The two are told apart by that, and compared under different names.
final class HookOrderArea implements Area {
    static final String RETURNED = "hooks as they return";
    static final String LACKING = "what hooks are told that only the original has";
    static final String ENTERED = "hooks as they are entered";

    @Override
    public String name() {
        return "hook_order";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        try (var workspace = Workspace.create()) {
            if (setup.has("run1")) {
                return HookSaves.resumed(setup, workspace.folder());
            }
            if (setup.has("sequence")) {
                return HookSaves.savedAndLoaded(setup, workspace.folder().resolve("saved.ckpt"));
            }
            return setup.has("fit")
                    ? HookErrors.thrownByCallbacks(setup)
                    : HookCalls.made(setup, expect, workspace.folder());
        }
    }

    // ---- what is compared

    @Override
    public Fields compared(Fields expect) {
        var compared = expect;
        for (String part : List.of("on_save", "on_load")) {
            compared = compared.changed(part, HookOrderArea::sharedOfEach);
        }
        for (String part : List.of("loaded_checkpoint_keys", "saved_checkpoint_keys")) {
            compared = compared.changed(part, HookOrderArea::withoutVersion);
        }
        if (!(expect.get("hooks").orElse(null) instanceof Items(var hooks))) {
            return compared;
        }
        var shared = HookNames.of(new Items(hooks));
        boolean told = hooks.stream().allMatch(Fields.class::isInstance);
        int dropped = hooks.size() - shared.size();
        var named = compared.without("hooks").with(told ? RETURNED : ENTERED, shared);
        return (told ? named.with(LACKING, HookNames.lackingButTold(new Items(hooks))) : named)
                .changed(
                        "count",
                        count -> count instanceof Whole(long n) ? new Whole(n - dropped) : count);
    }

    private static Json sharedOfEach(Json receivers) {
        if (!(receivers instanceof Fields fields)) {
            return receivers;
        }
        var shared = fields;
        for (String receiver : fields.entries().keySet()) {
            shared = shared.changed(receiver, hooks -> Json.of(HookNames.of(hooks)));
        }
        return shared;
    }

    private static Json withoutVersion(Json keys) {
        return keys instanceof Fields fields ? fields.without("pytorch-lightning_version") : keys;
    }
}
