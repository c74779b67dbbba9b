package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.kit.SavedRun;
import conformance.kit.TrainerState;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import loops.api.Loop;
import loops.core.TrainerSlots;

/// The state that a callback has had saved, and that of loops that have loaded it.
final class StateCheckpoints {
    /// What stands before the parts of a loop.
    private static final Map<String, String> PREFIXES =
            Map.of(
                    "fit_loop", "",
                    "epoch_loop", "epoch_loop.",
                    "optimizer_loop", "epoch_loop.batch_loop.optimizer_loop.");

    private static final Phrases<String[]> RESETS =
            Phrases.<String[]>of()
                    .say(
                            "\\w+\\.reset\\(\\)(?:; \\w+\\.reset\\(\\))*",
                            said -> said.group().replace(".reset()", "").split("; ", -1));

    private StateCheckpoints() {}

    static Answers saved(Keys setup, Path folder) {
        Phrases.<Boolean>of()
                .say(
                        "best checkpoint of the default ModelCheckpoint \\(saved on train epoch end\\)",
                        said -> true)
                .read(setup.text("checkpoint"));
        var scenario = StateScenario.of(setup, folder);
        scenario.choose(config -> config.folder(folder));
        scenario.fit();
        var best = SavedRun.below(folder.resolve("checkpoints")).getLast();
        var state = TrainerState.ofFit(scenario.trainer().slots().fit().get(), best.fitLoop());
        return new Answers().to("checkpoint_fit_loop_state", () -> state);
    }

    static Answers loaded(Keys setup, Path folder) {
        var scenario = StateScenario.of(setup, folder);
        scenario.fit();
        var saved = SavedRun.at(folder.resolve(setup.text("load"))).orElseThrow();
        scenario.restart();
        var slots = scenario.trainer().slots();
        slots.fit().get().loadStateDict(saved.fitLoop());
        var reset = Set.of(RESETS.read(setup.text("then")));
        var loaded = TrainerState.ofFit(slots.fit().get());
        var restarted = TrainerState.restarted(loaded);
        var answers = new Answers();
        PREFIXES.forEach((name, prefix) -> {
            var state = reset.contains(name) ? restarted : loaded;
            boolean restarting = loop(name, slots).restarting();
            answers.to(
                    name,
                    () -> TrainerState.answers(state, prefix).to("restarting", () -> restarting));
        });
        return answers;
    }

    private static Loop<?, ?> loop(String name, TrainerSlots slots) {
        return switch (name) {
            case "fit_loop" -> slots.fit().get();
            case "epoch_loop" -> slots.epoch().get();
            case "optimizer_loop" -> slots.optimizer().get();
            default -> throw new NotUnderstoodException("there is no loop " + name);
        };
    }
}
