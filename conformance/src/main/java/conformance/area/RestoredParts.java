package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.kit.Call;
import conformance.kit.SavedRun;
import conformance.kit.Saving;
import conformance.kit.Scenario;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import loops.api.LoopState;
import loops.core.Resume;
import loops.core.TrainerSlots;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.RunView;

/// What a run takes from a checkpoint, by the function of the trainer, and what it leaves as it is.
final class RestoredParts {
    private static final int BATCHES = 2;

    /// The function that is called, and the limit of epochs it is called with.
    private record Function(String name, Optional<Integer> epochs) {}

    private static final Phrases<List<Function>> FUNCTIONS =
            Phrases.<List<Function>>of()
                    .say(
                            "(\\S+) with ckpt_path=last\\.ckpt",
                            said -> functions(said.group(1).split("/", -1)));

    private static final Phrases<Function> FUNCTION =
            Phrases.<Function>of()
                    .say(
                            "(\\w+)\\(max_epochs=(\\d+)\\)",
                            said ->
                                    new Function(
                                            said.group(1),
                                            Optional.of(Integer.valueOf(said.group(2)))))
                    .say("\\w+", said -> new Function(said.group(), Optional.empty()));

    private RestoredParts() {}

    private static List<Function> functions(String... words) {
        return List.of(words).stream().map(FUNCTION::read).toList();
    }

    // ---- counters

    /// What the first hook of each function sees.
    static Answers counters(Keys setup, Path folder) {
        var flags = setup.fields("run1");
        var saving = Saving.read(flags, Optional.empty(), InstantSource.system());
        var first = Scenario.of(flags);
        first.callback(saving.in(folder));
        first.fit();
        var last = SavedRun.at(folder.resolve("last.ckpt")).orElseThrow();
        var answers = new Answers();
        for (Function function : FUNCTIONS.read(setup.text("then"))) {
            var next = Scenario.of(flags);
            function.epochs().ifPresent(n -> next.choose(config -> config.maxEpochs(n)));
            next.callback(saving.in(folder.resolve(function.name())));
            var seen = new ArrayList<Answers>();
            next.events()
                    .on(
                            start(function.name()),
                            event -> {
                                if (seen.isEmpty()) {
                                    seen.add(seen(event.run().orElseThrow(), last));
                                }
                            });
            var call = Call.make(next, function.name(), Resume.from(last.place()));
            call.thrown()
                    .ifPresent(thrown -> {
                        throw new IllegalStateException(thrown);
                    });
            answers.to(question(function.name()), seen::getFirst);
        }
        return answers;
    }

    private static String start(String function) {
        return switch (function) {
            case "fit" -> "on_fit_start";
            case "validate" -> "on_validation_start";
            case "test" -> "on_test_start";
            case "predict" -> "on_predict_start";
            default -> throw new NotUnderstoodException("a trainer cannot " + function);
        };
    }

    /// A fit that goes on does not start its training again; everything is restored before its first hook.
    private static String question(String function) {
        return function + "." + (function.equals("fit") ? "on_train_start" : start(function));
    }

    private static Answers seen(RunView run, SavedRun saved) {
        long epoch = run.epoch() - saved.askedInEpoch();
        long steps = run.globalStep();
        var optimizers = run.scope().stateDict().items("optimizers");
        boolean restored =
                optimizers.equals(saved.checkpoint().state().fields("scope").items("optimizers"));
        return new Answers()
                .to("current_epoch", () -> "checkpoint.epoch" + (epoch == 0 ? "" : " + " + epoch))
                .to(
                        "global_step",
                        () ->
                                steps == saved.globalStep()
                                        ? "checkpoint.global_step"
                                        : (Object) steps)
                .to("optimizer_and_scheduler_states_restored", () -> restored);
    }

    // ---- loops

    /// A fit takes up the state of its loops. What measures takes values of the module only; either leaves the loops of
    /// other functions as they are.
    static Answers loops(Keys setup, Path folder) {
        var first = small();
        first.callback(ModelCheckpoint.newest(folder));
        first.fit();
        var saved = SavedRun.below(folder).getLast();
        boolean onlyItsOwn = true;
        for (String function : setup.texts("for_fn")) {
            var next = small();
            next.callback(ModelCheckpoint.newest(folder.resolve(function)));
            var before = values(next.trainer().slots());
            var after = new ArrayList<SequencedMap<String, LoopState.Fields>>();
            next.events().on(start(function), event -> after.add(values(next.trainer().slots())));
            Call.make(next, function, Resume.from(saved.place()));
            onlyItsOwn &= onlyItsOwn(function, before, after.getFirst());
        }
        boolean only = onlyItsOwn;
        return new Answers()
                .to(
                        "load_state_dict_called_on",
                        () -> only ? "only the loop of that function" : "other loops too");
    }

    private static SequencedMap<String, LoopState.Fields> values(TrainerSlots slots) {
        SequencedMap<String, LoopState.Fields> values = new LinkedHashMap<>();
        values.put("fit", slots.fit().get().values());
        values.put("validate", slots.validate().get().values());
        values.put("test", slots.test().get().values());
        values.put("predict", slots.predict().get().values());
        return values;
    }

    private static boolean onlyItsOwn(
            String function,
            Map<String, LoopState.Fields> before,
            Map<String, LoopState.Fields> after) {
        return before.keySet().stream()
                .allMatch(loop -> {
                    boolean asItWas = Objects.equals(before.get(loop), after.get(loop));
                    return loop.equals(function) ? !asItWas || !loop.equals("fit") : asItWas;
                });
    }

    private static Scenario small() {
        var scenario = Scenario.plain();
        scenario.loaders().all(BATCHES);
        scenario.choose(config -> config.maxEpochs(1));
        return scenario;
    }
}
