package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.Failure;
import conformance.kit.Loaders;
import conformance.kit.Optimizers;
import conformance.kit.Refused;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import conformance.kit.TrainedModel;
import conformance.kit.TrainerState;
import conformance.kit.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import loops.api.Loop;
import loops.core.Resume;
import loops.core.TrainerSlots;
import loops.core.callback.ModelCheckpoint;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.PredictionLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.Callback;
import loops.core.training.OptimizerPlan;

/// The state of the trainer's loops: after a fit, after a failure, in a checkpoint, after a reload.
///
/// After a failure in the middle of a step, the counters are those that the loops hold in memory. What is saved is the
/// last safe point before it; whatever a case asks of the checkpoint itself, or of a run that goes on, is taken from there.
final class StateDictArea implements Area {
    private static final String AUTO_SAVE = ".pl_auto_save.ckpt";
    private static final String OPTIMIZER_PROGRESS =
            "epoch_loop.batch_loop.optimizer_loop.optim_progress.";

    private static final String SANITY = "num_sanity_val_steps";

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

    private static final Phrases<List<Optimizers.Planned>> SCHEDULERS =
            Phrases.<List<Optimizers.Planned>>of()
                    .say(
                            "as in state-exc-\\*",
                            said -> List.of(tenth(0, "epoch"), tenth(1, "step")));

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
                return runs(setup, workspace.folder());
            }
            if (setup.has("fail")) {
                return failed(setup, workspace.folder());
            }
            if (setup.has("load")) {
                return loaded(setup, workspace.folder());
            }
            return setup.has("checkpoint")
                    ? saved(setup, workspace.folder())
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
        var slots = scenario(setup, folder).trainer().slots();
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

    // ---- scenarios

    private static Scenario scenario(Keys setup, Path folder) {
        return scenario(setup, folder, UnaryOperator.identity());
    }

    /// @param folder where runs are saved
    /// @param change what is changed in the flags of the trainer
    private static Scenario scenario(Keys setup, Path folder, UnaryOperator<Fields> change) {
        boolean saves = autoSaves(setup);
        var flags = setup.fields("trainer", change);
        var scenario = Scenario.of(flags);
        var loaders = scenario.loaders();
        int train =
                length(
                        setup,
                        "train_batches",
                        length(flags, "train_loader_length", Loaders.LENGTH));
        loaders.train(loaders.source("train", train));
        loaders.validation(
                loaders.several(
                        "val",
                        length(setup, "val_dataloaders", 1),
                        length(setup, "val_batches", Loaders.LENGTH)));
        if (setup.has("optimizers") || setup.has("lr_schedulers")) {
            scenario.script().plan(plan(setup));
        }
        if (flags.flag("logger", false)) {
            scenario.logInMemory();
        }
        for (Keys callback : flags.rows("callbacks")) {
            scenario.callback(checkpoints(callback, folder));
        }
        if (saves) {
            scenario.choose(config -> config.autoSave(folder.resolve(AUTO_SAVE)));
        }
        return scenario;
    }

    private static Function<TrainedModel, OptimizerPlan> plan(Keys setup) {
        return setup.maybe("lr_schedulers").orElse(null) instanceof Json.Text(String said)
                ? Optimizers.plan(setup, SCHEDULERS.read(said))
                : Optimizers.read(setup);
    }

    private static Optimizers.Planned tenth(int optimizer, String interval) {
        return new Optimizers.Planned(
                optimizer,
                Optimizers.schedule("StepLR(step_size=1)"),
                Optimizers.moments(interval));
    }

    private static int length(Keys keys, String name, int otherwise) {
        return Math.toIntExact(keys.whole(name, otherwise));
    }

    /// {@return whether a run that fails is saved}
    private static boolean autoSaves(Keys setup) {
        return switch (setup.fields("env").textIfAny("PL_FAULT_TOLERANT_TRAINING").orElse("0")) {
            case "1", "automatic", "2", "manual" -> true;
            case "0", "disabled" -> false;
            default -> throw new NotUnderstoodException("there is no such mode of fault tolerance");
        };
    }

    private static Fields memory(Scenario scenario) {
        return TrainerState.ofFit(scenario.trainer().slots().fit().get());
    }

    private static Answers flat(Fields state) {
        var answers = new Answers();
        state.entries().forEach((path, value) -> answers.to(path, () -> value));
        return answers;
    }

    private static Answers finished(Keys setup, Path folder) {
        var scenario = scenario(setup, folder);
        scenario.fit();
        return scenario.answers().to("fit_loop_state_after_fit", () -> memory(scenario));
    }

    // ---- after a failure

    private static Answers failed(Keys setup, Path folder) {
        var failure = Failure.read(setup.fields("fail"));
        var scenario = scenario(setup, folder);
        failure.in(scenario);
        var thrown = Refused.by(scenario::fit);
        var saved = SavedRun.at(folder.resolve(AUTO_SAVE));
        var state = memory(scenario);
        var answers =
                Refused.answers(thrown)
                        .to(
                                "auto_save_file",
                                () ->
                                        saved.map(SavedRun::place)
                                                .map(Path::getFileName)
                                                .map(Path::toString))
                        .to("checkpoint", () -> flat(state))
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
        var next = scenario(setup, folder);
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

    // ---- from a checkpoint of a callback

    private static Answers saved(Keys setup, Path folder) {
        Phrases.<Boolean>of()
                .say(
                        "best checkpoint of the default ModelCheckpoint \\(saved on train epoch end\\)",
                        said -> true)
                .read(setup.text("checkpoint"));
        var scenario = scenario(setup, folder);
        scenario.choose(config -> config.folder(folder));
        scenario.fit();
        var best = SavedRun.below(folder.resolve("checkpoints")).getLast();
        var state = TrainerState.ofFit(scenario.trainer().slots().fit().get(), best.fitLoop());
        return new Answers().to("checkpoint_fit_loop_state", () -> state);
    }

    private static Answers loaded(Keys setup, Path folder) {
        var scenario = scenario(setup, folder);
        scenario.fit();
        var saved = named(setup.text("load")).apply(SavedRun.below(folder));
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

    private static Callback checkpoints(Keys callback, Path folder) {
        var arguments = callback.fields("ModelCheckpoint");
        if (arguments.whole("save_top_k", 1) != -1) {
            throw new NotUnderstoodException("save_top_k needs to be -1: all are kept");
        }
        long steps = arguments.whole("every_n_train_steps");
        return ModelCheckpoint.of(folder, config -> config.keep(-1).everySteps(steps));
    }

    private static Function<List<SavedRun>, SavedRun> named(String name) {
        return Phrases.<Function<List<SavedRun>, SavedRun>>of()
                .say(
                        "epoch=(\\d+)-step=(\\d+)\\.ckpt",
                        said ->
                                all ->
                                        all.stream()
                                                .filter(run -> run.epoch() == number(said, 1))
                                                .filter(run -> run.globalStep() == number(said, 2))
                                                .findFirst()
                                                .orElseThrow())
                .read(name);
    }

    private static long number(MatchResult said, int group) {
        return Long.parseLong(said.group(group));
    }

    // ---- several runs

    private static Answers runs(Keys setup, Path folder) {
        var answers = new Answers();
        int number = 1;
        for (Json run : setup.items("runs")) {
            var observed =
                    switch (run) {
                        case Json.Text(String said) -> runs(setup, folder, said);
                        case Fields fields -> failing(setup, folder, fields);
                        default -> throw new NotUnderstoodException(run + " is no run");
                    };
            answers.to("run" + number++, () -> observed);
        }
        return answers;
    }

    private static Answers runs(Keys setup, Path folder, String said) {
        return Phrases.<Supplier<Answers>>of()
                .say(
                        "no failure",
                        match -> () -> ended(scenario(setup, folder), folder, Resume.never()))
                .say(
                        "resume from (\\S+) without failure( \\(default sanity steps\\))?",
                        match ->
                                () ->
                                        ended(
                                                scenario(
                                                        setup,
                                                        folder,
                                                        match.group(2) == null
                                                                ? UnaryOperator.identity()
                                                                : flags -> flags.without(SANITY)),
                                                folder,
                                                Resume.from(folder.resolve(match.group(1)))))
                .read(said)
                .get();
    }

    private static Answers failing(Keys setup, Path folder, Fields run) {
        var keys = new Keys("runs", run);
        var scenario = scenario(setup, folder);
        Failure.read(keys.fields("fail")).in(scenario);
        if (!keys.unread().isEmpty()) {
            throw new NotUnderstoodException("unknown keys " + keys.unread());
        }
        return ended(scenario, folder, Resume.never());
    }

    private static Answers ended(Scenario scenario, Path folder, Resume resume) {
        var thrown = Refused.by(() -> scenario.fit(resume));
        boolean written = Files.exists(folder.resolve(AUTO_SAVE));
        var state = memory(scenario);
        return Refused.answers(thrown)
                .to("auto_save_written", () -> written)
                .to("global_step", scenario::globalStep)
                .to("fit_loop_state", () -> flat(state))
                .to("checkpoint_fit_loop_state", () -> flat(state));
    }
}
