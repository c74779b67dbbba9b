package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.kit.LogLines;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import conformance.kit.TrainerFlags;
import conformance.kit.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.core.Trainer;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.Callback;
import org.jspecify.annotations.Nullable;
import tensor.data.BatchSource;

/// Which callbacks save in a trainer, what one takes over of an earlier one, and at which moments one saves by itself.
final class CheckpointCallbacks {
    private static final String DEFAULT = "default ModelCheckpoint";

    private static final int TRAINED = 10;

    private static final Pattern OF_ONE = Pattern.compile("checkpoint_callback_of_(\\d+)\\w\\w");

    private CheckpointCallbacks() {}

    // ---- those of a trainer

    /// Each trainer is made, not run.
    static Answers configured(Keys setup, Expectation expect) {
        var all = new ArrayList<Object>();
        for (Keys row : setup.rows("trainers")) {
            all.add(callbacks(row));
        }
        var answers = new Answers().to("checkpoint_callbacks", () -> all);
        for (String question : expect.names()) {
            var one = OF_ONE.matcher(question);
            if (one.matches()) {
                int number = Integer.parseInt(one.group(1));
                answers.to(question, () -> first(all.get(number - 1)));
            }
        }
        return answers;
    }

    private static @Nullable Object first(Object saving) {
        return saving instanceof List<?> names && !names.isEmpty() ? names.getFirst() : null;
    }

    /// {@return the names of the callbacks of a trainer that save, or what making the trainer throws}
    private static Object callbacks(Keys flags) {
        var named = new LinkedHashMap<Callback, String>();
        for (String name : flags.texts("callbacks")) {
            named.put(ModelCheckpoint.newest(Path.of(name)), name);
        }
        var choices = TrainerFlags.read(flags);
        var saving = new ArrayList<String>();
        var thrown =
                Refused.by(() -> {
                    var trainer =
                            Trainer.of(config -> {
                                config.folder(Path.of("run"));
                                choices.accept(config);
                                config.callbacks(named.keySet().toArray(Callback[]::new));
                            });
                    trainer.callbacks().stream()
                            .filter(Callback::saves)
                            .forEach(each -> saving.add(named.getOrDefault(each, DEFAULT)));
                    return trainer;
                });
        return thrown.isPresent() ? Refused.answers(thrown) : saving;
    }

    // ---- what is taken over

    /// A state in which these values are known is loaded by a callback of the same folder, and by another.
    static Answers restored(Keys setup) {
        var saved = setup.fields("saved_state");
        String best = saved.text("best_model_path");
        double score = saved.real("best_model_score");
        saved.realIfAny("kth_value");
        var before = Path.of("before");
        var state = state(before, best, score, saved.text("last_model_path"));
        var after =
                Phrases.<Path>of()
                        .say("ModelCheckpoint with another dirpath", said -> Path.of("after"))
                        .say("ModelCheckpoint with the same dirpath", said -> before)
                        .read(setup.text("restore_into"));
        var one = saving(before);
        one.loadStateDict(state);
        var log = new LogLines();
        var other = saving(after);
        log.during(() -> {
            other.loadStateDict(state);
            return other;
        });
        var fresh = saving(after);
        var restored = new ArrayList<String>();
        var others = new ArrayList<String>();
        parts().forEach((name, part) -> {
            boolean same = part.apply(one).equals(part.apply(other));
            if (!same && !part.apply(other).equals(part.apply(fresh))) {
                throw new IllegalStateException(name + " is neither the old nor that of a new one");
            }
            (same ? restored : others).add(name);
        });
        return new Answers()
                .to("restored", () -> restored)
                .to("not_restored", () -> others)
                .to(
                        "warning_contains",
                        () -> Observed.said(log.warning("the folder was").orElse(null)));
    }

    private static ModelCheckpoint saving(Path folder) {
        return ModelCheckpoint.of(
                folder, config -> config.monitor(CheckpointFits.METRIC, Mode.MIN).saveLast());
    }

    /// {@return the state of a callback that keeps one checkpoint and the last}
    private static Fields state(Path folder, String best, double score, String last) {
        var fresh = saving(folder).stateDict();
        LoopState kept = Fields.of("name", new LoopState.Text(best)).with("score", score);
        var known =
                replaced(fresh.fields("kept"), "kept", new Items(List.of(kept)))
                        .with("current", score)
                        .with("last", last)
                        .with("best", folder.resolve(best).toAbsolutePath().toString());
        return replaced(fresh, "kept", known);
    }

    private static Fields replaced(Fields state, String name, LoopState value) {
        var entries = new LinkedHashMap<>(state.entries());
        entries.put(name, value);
        return new Fields(entries);
    }

    /// What the cases call the parts of a callback.
    private static Map<String, Function<ModelCheckpoint, Object>> parts() {
        var parts = new LinkedHashMap<String, Function<ModelCheckpoint, Object>>();
        parts.put("dirpath", ModelCheckpoint::folder);
        parts.put("best_model_path", callback -> callback.best().map(Path::toAbsolutePath));
        parts.put("best_model_score", ModelCheckpoint::bestScore);
        parts.put("kth_best_model_path", ModelCheckpoint::worst);
        parts.put("kth_value", ModelCheckpoint::worstScore);
        parts.put("best_k_models", ModelCheckpoint::scores);
        parts.put("last_model_path", ModelCheckpoint::last);
        return parts;
    }

    // ---- when it saves

    /// Each row is a fit that is long enough for a validation, and it is seen whether one of its validations saves.
    static Answers moments(Keys setup) {
        var atEpochEnd = new ArrayList<Boolean>();
        for (Keys row : setup.rows("rows")) {
            try (var workspace = Workspace.create()) {
                atEpochEnd.add(savesAtEpochEnd(row, workspace.folder()));
            }
        }
        return new Answers().to("should_save_on_train_epoch_end", () -> atEpochEnd);
    }

    private static boolean savesAtEpochEnd(Keys row, Path folder) {
        var scenario = Scenario.of(row);
        int epochs = Math.toIntExact(row.whole("check_val_every_n_epoch", 1));
        scenario.choose(config -> config.maxEpochs(epochs).plan(plan -> plan.sanityBatches(0)));
        var callback = ModelCheckpoint.newest(folder.resolve("checkpoints"));
        scenario.callback(callback);
        scenario.trainBatches(TRAINED);
        var sources = new ArrayList<BatchSource>();
        for (Long batches : row.wholes("num_val_batches")) {
            sources.add(scenario.loaders().source("val", Math.toIntExact(batches)));
        }
        scenario.loaders().validation(sources);
        var before = new AtomicLong();
        var inValidation = new AtomicBoolean();
        scenario.events().on("on_validation_start", event -> before.set(callback.lastSteps()));
        scenario.events()
                .on(
                        "on_validation_end",
                        event ->
                                inValidation.compareAndSet(
                                        false, callback.lastSteps() != before.get()));
        scenario.fit();
        if (callback.lastSteps() == 0) {
            throw new IllegalStateException("nothing was saved");
        }
        return !inValidation.get();
    }
}
