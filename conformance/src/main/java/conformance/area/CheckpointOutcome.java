package conformance.area;

import conformance.check.Answers;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import loops.core.callback.ModelCheckpoint;
import loops.core.loop.FitLoop;
import org.jspecify.annotations.Nullable;

/// How things stand after a fit.
///
/// @param scenario the latest fit
/// @param saver the callback that saved, if one did
/// @param files the names in the folder of the checkpoints
/// @param saved the checkpoints there, by their steps
/// @param writes the checkpoints that were written by all fits so far, deleted ones too
/// @param named whether writes are told by their names, not by their number
/// @param values what was logged in steps
record CheckpointOutcome(
        Scenario scenario,
        Optional<ModelCheckpoint> saver,
        Set<String> files,
        List<SavedRun> saved,
        List<String> writes,
        boolean named,
        LoggedValues values) {

    /// Adds what can be said of them.
    ///
    /// @param answers where it is added
    /// @return the answers
    Answers answers(Answers answers) {
        answers.to("files", () -> new Observed.Names(files))
                .to("files_in_checkpoints_dir", () -> new Observed.Names(files))
                .to("number_of_files", files::size)
                .to("number_of_checkpoint_files", saved::size)
                .to("save_calls", () -> named ? (Object) writes : writes.size())
                .to("checkpoints", () -> saved.stream().map(CheckpointOutcome::saved).toList())
                .to("checkpoint.epoch", () -> saved.getLast().askedInEpoch())
                .to("checkpoint.global_step", () -> saved.getLast().globalStep())
                .to("global_step", scenario::globalStep)
                .to("current_epoch", scenario::currentEpoch)
                .to(
                        "fit_loop.epoch_progress.current.processed",
                        () -> fitLoop().epochProgress().current().processed())
                .to("info_log_contains", () -> Observed.said(line("twice")));
        return known(answers);
    }

    private FitLoop fitLoop() {
        return scenario.trainer().slots().fit().get(FitLoop.class);
    }

    private @Nullable String line(String words) {
        return scenario.log().lines(Level.INFO).stream()
                .filter(line -> line.contains(words))
                .findFirst()
                .orElse(null);
    }

    private static Answers saved(SavedRun run) {
        return new Answers()
                .to("epoch", run::askedInEpoch)
                .to("global_step", run::globalStep)
                .to("scheduler_step_count", () -> 1 + run.schedulerSteps().getFirst())
                .to("lr", () -> run.learningRates().getFirst());
    }

    private Answers known(Answers answers) {
        return answers.to("best_model_path", () -> name(callback().best()))
                .to("best", () -> name(callback().best()))
                .to("best_model_score", () -> orNull(callback().bestScore()))
                .to("best_score", () -> orNull(callback().bestScore()))
                .to("kth_best_model_path", () -> name(callback().worst()))
                .to("kth", () -> name(callback().worst()))
                .to("best_k_models", this::scores)
                .to("best_k", this::scores)
                .to("best_k_models_second_run", () -> new Observed.Names(scores().keySet()))
                .to("current_score", () -> orNull(callback().currentScore()))
                .to("last_model_path", () -> name(callback().last()))
                .to("last_model_path_set", () -> callback().last().isPresent())
                .to("last", () -> name(callback().last()))
                .to("current_score_saved_in_files", this::savedScores)
                .to("score", this::score);
    }

    private ModelCheckpoint callback() {
        return saver.orElseThrow(() -> new NotUnderstoodException("no callback saves"));
    }

    private static String name(Optional<Path> path) {
        return path.map(Path::getFileName).map(Path::toString).orElse("");
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private Map<String, Double> scores() {
        var scores = new LinkedHashMap<String, Double>();
        callback()
                .scores()
                .forEach((path, score) -> scores.put(path.getFileName().toString(), score));
        return scores;
    }

    private List<Double> savedScores() {
        String key = callback().stateKey();
        return saved.stream().map(run -> run.callback(key).fields("kept").real("current")).toList();
    }

    private Object score() {
        var scores = savedScores();
        return values.areMeans(scores) ? "mean of the logged values of that epoch" : scores;
    }

    /// {@return in which parts two checkpoints agree}
    ///
    /// @param one the name of one
    /// @param other the name of the other
    List<String> agreement(String one, String other) {
        var parts = new LinkedHashMap<String, Function<SavedRun, Object>>();
        parts.put("epoch", SavedRun::askedInEpoch);
        parts.put("global_step", SavedRun::globalStep);
        parts.put("ModelCheckpoint state", run -> run.callback(callback().stateKey()));
        parts.put("weights", SavedRun::weights);
        var same = new ArrayList<String>();
        parts.forEach((name, part) -> {
            if (Objects.equals(part.apply(named(one)), part.apply(named(other)))) {
                same.add(name);
            }
        });
        return same;
    }

    private SavedRun named(String file) {
        return saved.stream()
                .filter(run -> run.place().getFileName().toString().equals(file))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no " + file));
    }
}
