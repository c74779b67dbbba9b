package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.kit.Failure;
import conformance.kit.Refused;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import conformance.kit.TrainerState;
import conformance.kit.Workspace;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import loops.api.Loop;
import loops.core.Resume;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.PredictionLoop;
import loops.core.loop.TrainingEpochLoop;

/// The state of the trainer's loops: after a fit, after a failure, in a checkpoint, after a reload.
///
/// After a failure in the middle of a step, the counters are those that the loops hold in memory. What is saved is the
/// last safe point before it; whatever a case asks of the checkpoint itself, or of a run that goes on, is taken from there.
final class StateDictArea implements Area {
    private static final String OPTIMIZER_PROGRESS =
            "epoch_loop.batch_loop.optimizer_loop.optim_progress.";

    private static final Map<String, Supplier<Loop<?, ?>>> LOOPS =
            Map.of(
                    "FitLoop", FitLoop::new,
                    "TrainingEpochLoop", TrainingEpochLoop::new,
                    "EvaluationLoop", EvaluationLoop::new,
                    "PredictionLoop", PredictionLoop::new);

    @Override
    public String name() {
        return "state_dict";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        // what a case says of its own expectation: these are weaker claims than the others
        if (expect.has("keys_observed_not_asserted")) {
            expect.input("keys_observed_not_asserted");
        }
        try (var workspace = Workspace.create()) {
            if (setup.has("action")) {
                return actions(setup, workspace.folder()).read(setup.text("action")).get();
            }
            if (setup.has("runs")) {
                return StateRuns.made(setup, workspace.folder());
            }
            if (setup.has("fail")) {
                return failed(setup, workspace.folder());
            }
            if (setup.has("load")) {
                return StateCheckpoints.loaded(setup, workspace.folder());
            }
            return setup.has("checkpoint")
                    ? StateCheckpoints.saved(setup, workspace.folder())
                    : finished(setup, workspace.folder());
        }
    }

    // ---- without a run

    private static Phrases<Supplier<Answers>> actions(Keys setup, Path folder) {
        return Phrases.<Supplier<Answers>>of()
                .say(
                        "s = (\\w+)\\(\\)\\.state_dict\\(\\); (\\w+) = \\1\\(\\); \\2\\.load_state_dict\\(s\\)",
                        said -> () -> roundTrip(said.group(1), said.group(2)))
                .say("dump loops state of a fresh trainer", said -> () -> fresh(setup, folder));
    }

    private static Answers roundTrip(String kind, String name) {
        var make = LOOPS.get(kind);
        if (make == null) {
            throw new NotUnderstoodException(
                    "there is no loop %s; there are %s".formatted(kind, LOOPS.keySet()));
        }
        var state = make.get().stateDict();
        var other = make.get();
        other.loadStateDict(state);
        boolean same = other.stateDict().equals(state);
        return new Answers().to(name + ".state_dict() == s", () -> same);
    }

    private static Answers fresh(Keys setup, Path folder) {
        var slots = StateScenario.of(setup, folder).trainer().slots();
        return new Answers()
                .to(
                        "loops",
                        () ->
                                new Answers()
                                        .to("fit_loop", () -> TrainerState.ofFit(slots.fit().get()))
                                        .to(
                                                "validate_loop",
                                                () -> TrainerState.of(slots.validate().get()))
                                        .to("test_loop", () -> TrainerState.of(slots.test().get()))
                                        .to(
                                                "predict_loop",
                                                () -> TrainerState.of(slots.predict().get())));
    }

    // ---- after a fit, or a failure in it

    private static Answers finished(Keys setup, Path folder) {
        var scenario = StateScenario.of(setup, folder);
        scenario.fit();
        return scenario.answers()
                .to("fit_loop_state_after_fit", () -> StateScenario.memory(scenario));
    }

    private static Answers failed(Keys setup, Path folder) {
        var failure = Failure.read(setup.fields("fail"));
        var scenario = StateScenario.of(setup, folder);
        failure.in(scenario);
        var thrown = Refused.by(scenario::fit);
        var saved = SavedRun.at(folder.resolve(StateScenario.AUTO_SAVE));
        var state = StateScenario.memory(scenario);
        var answers =
                Refused.answers(thrown)
                        .to(
                                "auto_save_file",
                                () ->
                                        saved.map(SavedRun::place)
                                                .map(Path::getFileName)
                                                .map(Path::toString))
                        .to("checkpoint", () -> StateScenario.flat(state))
                        .to("checkpoint_fit_loop_state", () -> state)
                        .to("optimizer_steps", () -> stepsMade(scenario));
        for (String part : state.entries().keySet()) {
            answers.to(part + "_after_load", () -> state.get(part).orElseThrow());
        }
        saved.ifPresent(run -> goOn(run, setup, folder, failure, answers));
        return answers;
    }

    private static long stepsMade(Scenario scenario) {
        return scenario.events().all().stream()
                .filter(event -> !event.entered() && event.name().equals("optimizer_step"))
                .count();
    }

    /// What was saved before the failure, and the run that goes on from there.
    private static void goOn(
            SavedRun saved, Keys setup, Path folder, Failure failure, Answers answers) {
        var next = StateScenario.of(setup, folder);
        var fit = next.trainer().slots().fit().get();
        fit.loadStateDict(saved.fitLoop());
        boolean same = fit.stateDict().equals(saved.fitLoop());
        var loaded = TrainerState.ofFit(fit);
        next.fit(Resume.from(saved.place()));
        boolean again =
                next.events()
                        .of(failure.where())
                        .findFirst()
                        .filter(event -> failure.at(event.place()))
                        .isPresent();
        answers.to("global_step", saved::globalStep)
                .to("epoch", saved::epoch)
                .to(
                        "scheduler_steps_total",
                        () ->
                                loaded.at("epoch_loop.scheduler_progress", "total", "completed")
                                        .orElseThrow())
                .to("reload_gives_same_state", () -> same && again)
                .to(
                        "after_load_and_reset_of_all_loops",
                        () ->
                                TrainerState.answers(
                                        TrainerState.restarted(loaded), "", OPTIMIZER_PROGRESS));
    }
}
