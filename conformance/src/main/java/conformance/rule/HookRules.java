package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Where the order of hooks differs: around saving, loading and resuming, and where a run begins.
final class HookRules {
    private static final String CALLBACK = "Callback.";

    private static final String START = "on_train_start";

    /// How cases tell of it, by the name alone or with what it is told.
    private static final Set<Json> STARTS =
            Set.of(
                    Json.of(START),
                    Json.of(CALLBACK + START),
                    Fields.EMPTY.with("hook", START),
                    Fields.EMPTY
                            .with("hook", CALLBACK + START)
                            .with("args", List.of("<trainer>", "<model>")));

    private HookRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "RESUME",
                        subject -> isOrder(subject) && goesOn(subject) && wasCut(subject),
                        subject -> subject.expecting(inTheNextEpoch(subject))),
                of("F9", subject -> hooks(subject, HookRules::savedAfterTheHook)),
                of("F9", HookRules::savedWithTheEpochCompleted),
                of("F22", HookRules::totalsOfTheLastValidation),
                of("F23", subject -> hooks(subject, HookRules::loadedBeforeTheFirstHook)),
                of("F28", HookRules::knowsNothingOfAFit),
                new Deviation(
                        "RESUME",
                        subject -> isOrder(subject) && goesOn(subject),
                        subject -> subject.expecting(hooks(subject, HookRules::withoutStart))),
                of("SANITY", subject -> hooks(subject, HookRules::askedBeforeTheCheck)));
    }

    private static Rule of(String id, Function<Case, Fields> instead) {
        return new Deviation(
                id, HookRules::isOrder, subject -> subject.expecting(instead.apply(subject)));
    }

    private static boolean isOrder(Case subject) {
        return subject.area().equals("hook_order");
    }

    private static Fields hooks(Case subject, UnaryOperator<List<Json>> change) {
        if (!(subject.expect().get("hooks").orElse(null) instanceof Items(var all))) {
            return subject.expect();
        }
        var hooks = change.apply(all);
        int dropped = all.size() - hooks.size();
        return subject.expect()
                .with("hooks", hooks)
                .changed("count", count -> Change.plus(count, -dropped));
    }

    private static String name(Json hook) {
        return switch (hook) {
            case Text(String name) -> name;
            case Fields fields -> fields.get("hook").map(HookRules::name).orElse("");
            default -> "";
        };
    }

    /// {@return the place of a hook at or after a place, or -1}
    private static int find(List<Json> hooks, String name, int from) {
        for (int i = Math.max(0, from); i < hooks.size(); i++) {
            if (name(hooks.get(i)).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /// Puts a hook behind another that follows it.
    private static void move(List<Json> hooks, int from, int behind) {
        if (behind > from) {
            hooks.add(behind, hooks.remove(from));
        }
    }

    // ---- saving and loading

    /// A hook of a callback asks for a checkpoint; its state is taken once that hook was called of all.
    private static List<Json> savedAfterTheHook(List<Json> hooks) {
        var moved = new ArrayList<>(hooks);
        for (int i = find(moved, CALLBACK + "state_dict", 0);
                i > 0;
                i = find(moved, CALLBACK + "state_dict", i + 1)) {
            String asking = name(moved.get(i - 1));
            if (asking.startsWith(CALLBACK)) {
                move(moved, i, find(moved, asking.substring(CALLBACK.length()), i));
            }
        }
        return moved;
    }

    /// The epoch at whose end a checkpoint is asked for is completed when it is written.
    private static Fields savedWithTheEpochCompleted(Case subject) {
        var instead = subject.expect();
        for (String keys : List.of("loaded_checkpoint_keys", "saved_checkpoint_keys")) {
            instead = instead.changed(keys, HookRules::oneEpochLater);
        }
        return instead;
    }

    /// {@return a hook that is told of a checkpoint of the next epoch, if it is told of one that is written}
    private static Json savedInTheNextEpoch(Json hook) {
        return name(hook).matches("(?:Callback\\.)?on_save_checkpoint")
                ? Change.in(hook, "args", args -> Change.each(args, HookRules::oneEpochLater))
                : hook;
    }

    private static Json oneEpochLater(Json saved) {
        return Change.in(saved, "epoch", epoch -> Change.plus(epoch, 1));
    }

    /// Callbacks are restored with all else, when the optimizers are there.
    private static List<Json> loadedBeforeTheFirstHook(List<Json> hooks) {
        var moved = new ArrayList<>(hooks);
        int loaded = find(moved, CALLBACK + "load_state_dict", 0);
        if (loaded >= 0) {
            move(moved, loaded, find(moved, "configure_optimizers", loaded));
        }
        return moved;
    }

    private static boolean goesOn(Case subject) {
        return subject.setup().at("run2", "ckpt_path").isPresent();
    }

    private static boolean wasCut(Case subject) {
        return Change.whole(subject.setup(), -1, "run1", "max_steps") != -1;
    }

    /// An epoch that was cut by the limit of steps has ended: with a higher limit the run goes on with the next one.
    private static Fields inTheNextEpoch(Case subject) {
        long trained = Change.whole(subject.setup(), 0, "run1", "max_steps");
        return hooks(
                        subject,
                        all ->
                                all.stream()
                                        .map(hook -> savedInTheNextEpoch(moved(hook, -trained)))
                                        .toList())
                .changed("saved_checkpoint_keys", HookRules::oneEpochLater);
    }

    /// {@return a hook at another batch, of the next epoch}
    private static Json moved(Json hook, long batches) {
        var by =
                switch (name(hook).replaceFirst("^Callback\\.", "")) {
                    case "on_train_batch_start", "on_train_batch_end", "training_step" ->
                            new long[] {batches};
                    case "optimizer_zero_grad", "optimizer_step" -> new long[] {1, batches};
                    default -> new long[] {};
                };
        return hook instanceof Fields fields
                ? fields.changed(
                        "args", args -> args instanceof Items(var all) ? plus(all, by) : args)
                : hook;
    }

    /// Adds to the first whole numbers of a list.
    private static Items plus(List<Json> values, long[] by) {
        var sums = new ArrayList<Json>();
        int next = 0;
        for (Json value : values) {
            if (next < by.length && value instanceof Whole(long n)) {
                sums.add(new Whole(n + by[next]));
                next++;
            } else {
                sums.add(value);
            }
        }
        return new Items(sums);
    }

    /// The training that goes on has begun before.
    private static List<Json> withoutStart(List<Json> hooks) {
        return hooks.stream().filter(hook -> !STARTS.contains(hook)).toList();
    }

    // ---- where a run begins

    /// Whether there is something to check is asked first.
    private static List<Json> askedBeforeTheCheck(List<Json> hooks) {
        var moved = new ArrayList<>(hooks);
        int check = find(moved, CALLBACK + "on_sanity_check_start", 0);
        if (check >= 0) {
            int asked = find(moved, "val_dataloader", check);
            if (asked == check + 1) {
                move(moved, check, asked);
            }
        }
        return moved;
    }

    /// A run knows nothing of an earlier one: a validation by itself stands in epoch 0, and not behind those of the fit.
    private static Fields knowsNothingOfAFit(Case subject) {
        long epochs = Change.whole(subject.setup(), 0, "trainer", "max_epochs");
        return subject.expect()
                .changed(
                        "validate.set_epoch_args",
                        stood -> Change.each(stood, epoch -> Change.plus(epoch, -epochs)));
    }

    // ---- totals

    private static Fields totalsOfTheLastValidation(Case subject) {
        return subject.expect()
                .changed("fit_loop_state", state -> Totals.ofTheLastValidation(subject, state));
    }
}
