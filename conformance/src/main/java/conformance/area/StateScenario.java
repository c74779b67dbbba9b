package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.Loaders;
import conformance.kit.Optimizers;
import conformance.kit.Scenario;
import conformance.kit.TrainedModel;
import conformance.kit.TrainerState;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.Callback;
import loops.core.training.OptimizerPlan;

/// The scenarios whose state is looked at, and how it is looked at.
final class StateScenario {
    /// The checkpoint of a run that failed.
    static final String AUTO_SAVE = ".pl_auto_save.ckpt";

    private static final Phrases<List<Optimizers.Planned>> SCHEDULERS =
            Phrases.<List<Optimizers.Planned>>of()
                    .say(
                            "as in state-exc-\\*",
                            said -> List.of(tenth(0, "epoch"), tenth(1, "step")));

    private StateScenario() {}

    static Scenario of(Keys setup, Path folder) {
        return of(setup, folder, UnaryOperator.identity());
    }

    /// @param folder where runs are saved
    /// @param change what is changed in the flags of the trainer
    static Scenario of(Keys setup, Path folder, UnaryOperator<Fields> change) {
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

    private static Callback checkpoints(Keys callback, Path folder) {
        var arguments = callback.fields("ModelCheckpoint");
        if (arguments.whole("save_top_k", 1) != -1) {
            throw new NotUnderstoodException("save_top_k needs to be -1: all are kept");
        }
        long steps = arguments.whole("every_n_train_steps");
        return ModelCheckpoint.of(folder, config -> config.keep(-1).everySteps(steps));
    }

    /// {@return what the loops of a fit hold}
    static Fields memory(Scenario scenario) {
        return TrainerState.ofFit(scenario.trainer().slots().fit().get());
    }

    /// {@return answers that give the parts that are asked for}
    static Answers flat(Fields state) {
        var answers = new Answers();
        state.entries().forEach((path, value) -> answers.to(path, () -> value));
        return answers;
    }
}
