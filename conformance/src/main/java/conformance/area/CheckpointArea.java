package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.kit.Refused;
import conformance.kit.SaveLog;
import conformance.kit.SavedRun;
import conformance.kit.Saving;
import conformance.kit.Scenario;
import conformance.kit.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.logging.Level;
import java.util.regex.Pattern;
import loops.core.callback.CheckpointName;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.Activity;
import loops.core.training.RunView;
import org.jspecify.annotations.Nullable;

/// Which checkpoints a callback writes and keeps, what they are called, and what it knows of them.
///
/// The epoch of a checkpoint is the one in which it was asked for.
final class CheckpointArea implements Area {
    private static final String METRIC = "monitored";

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private static final Phrases<Long> CLOCKS =
            Phrases.<Long>of()
                    .say("(\\d+) seconds per batch", said -> Long.parseLong(said.group(1)));

    @Override
    public String name() {
        return "checkpoint";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("metrics")) {
            return named(setup);
        }
        if (setup.has("invalid")) {
            return combined(setup);
        }
        try (var workspace = Workspace.create()) {
            return asksForAFit(expect)
                    ? fitted(setup, workspace.folder())
                    : made(setup, workspace.folder());
        }
    }

    // ---- without a run

    private static Answers named(Keys setup) {
        var template = setup.textIfAny("filename").filter(text -> !text.isEmpty());
        var join = setup.textIfAny("join_char").orElse("-");
        var name =
                CheckpointName.of(template.orElse("{epoch}" + join + "{step}"))
                        .joinedBy(join)
                        .prefix(setup.textIfAny("prefix").orElse(""));
        var names = setup.flag("auto_insert_metric_name", true) ? name : name.bare();
        var metrics = setup.fields("metrics");
        var values = new TreeMap<String, Double>();
        metrics.names().forEach(metric -> values.put(metric, metrics.real(metric)));
        var version = setup.wholeIfAny("version");
        String rendered = names.render(values);
        return new Answers()
                .to(
                        "name",
                        () ->
                                version.isPresent()
                                        ? names.version(
                                                rendered, Math.toIntExact(version.getAsLong()))
                                        : rendered);
    }

    private static Answers combined(Keys setup) {
        var thrown = new ArrayList<Optional<Throwable>>();
        for (Keys row : setup.rows("invalid")) {
            thrown.add(refused(row));
        }
        for (Keys row : setup.rows("valid")) {
            refused(row)
                    .ifPresent(error -> {
                        throw new IllegalStateException(error);
                    });
        }
        return Refused.all(thrown)
                .to(
                        "invalid_raises",
                        () ->
                                Observed.kind(
                                        thrown.stream().allMatch(Optional::isPresent)
                                                ? thrown.getFirst().orElseThrow()
                                                : null));
    }

    private static Optional<Throwable> refused(Keys arguments) {
        var saving = Saving.read(arguments, Optional.empty(), InstantSource.system());
        return Saving.refused(() -> saving.in(Path.of("checkpoints")));
    }

    private static boolean asksForAFit(Expectation expect) {
        return expect.names().stream()
                .noneMatch(
                        List.of(
                                        "state_key",
                                        "constructor_raises",
                                        "every_n_epochs",
                                        "last_global_step_saved")
                                ::contains);
    }

    private static Answers made(Keys setup, Path folder) {
        var saving =
                Saving.read(
                        setup.fields("ModelCheckpoint"), Optional.empty(), InstantSource.system());
        var answers = Refused.answers(Saving.refused(() -> saving.in(folder)));
        return answers.to("state_key", () -> Saving.stateKey(saving.in(folder)))
                .to("every_n_epochs", () -> number(saving.in(folder), "everyEpochs"))
                .to("every_n_train_steps", () -> number(saving.in(folder), "everySteps"))
                .to("last_global_step_saved", () -> stepsAfterAFit(saving, folder));
    }

    private static long number(ModelCheckpoint callback, String choice) {
        return Long.parseLong(Saving.part(callback, choice));
    }

    private static long stepsAfterAFit(Saving saving, Path folder) {
        var callback = saving.in(folder);
        var scenario = Scenario.of(new Keys("trainer", Json.Fields.EMPTY));
        scenario.choose(config -> config.maxEpochs(1));
        scenario.callback(callback);
        logDecreasing(scenario, saving.monitor().orElse(METRIC));
        scenario.fit();
        return callback.lastSteps();
    }

    // ---- with a run

    private static Answers fitted(Keys setup, Path folder) {
        var clock = new AtomicLong();
        var series = series(setup);
        var flags = setup.fields("trainer");
        var folders = folder.resolve("checkpoints");
        var answers = new Answers();
        ModelCheckpoint callback = null;
        var saves = new SaveLog();
        Scenario scenario = null;
        for (long run = setup.whole("runs", 1); run > 0; run--) {
            scenario = Scenario.of(flags);
            scenario.choose(config -> config.loggers(saves).folder(folder));
            if (setup.has("train_batches")) {
                scenario.trainBatches(Math.toIntExact(setup.whole("train_batches")));
            }
            if (setup.has("model")) {
                Scenario.requireBoring(setup.text("model"));
            }
            if (setup.has("mock_clock")) {
                long seconds = CLOCKS.read(setup.text("mock_clock"));
                scenario.events()
                        .on("on_train_batch_start", event -> clock.addAndGet(1000 * seconds));
            }
            if (!series.isEmpty() && !flags.has("max_epochs")) {
                scenario.choose(config -> config.maxEpochs(series.size()));
            }
            if (setup.has("ModelCheckpoint")) {
                var saving =
                        Saving.read(
                                setup.fields("ModelCheckpoint"),
                                series.isEmpty() ? Optional.empty() : Optional.of(METRIC),
                                () -> Instant.ofEpochMilli(clock.get()));
                callback = scenario.log().during(() -> saving.in(folders));
                scenario.callback(callback);
                var monitor = saving.monitor().orElse(METRIC);
                if (series.isEmpty()) {
                    logDecreasing(scenario, monitor);
                } else {
                    logSeries(scenario, monitor, series);
                }
            }
            scenario.fit();
        }
        var last = scenario;
        var files = names(folders);
        var saved = files.isEmpty() ? List.<SavedRun>of() : SavedRun.below(folders);
        answers.to("files", () -> files)
                .to("files_in_checkpoints_dir", () -> files)
                .to("number_of_files", files::size)
                .to(
                        "save_calls",
                        () ->
                                setup.has("ModelCheckpoint") || !asksForNames(setup)
                                        ? (Object) saves.saved().size()
                                        : relative(saves.saved(), folder))
                .to("checkpoints", () -> checkpoints(saved))
                .to(
                        "info_log_contains",
                        () ->
                                Observed.said(
                                        Objects.requireNonNull(last)
                                                .log()
                                                .lines(Level.INFO)
                                                .stream()
                                                .filter(line -> line.contains("twice"))
                                                .findFirst()
                                                .orElse(null)));
        if (callback != null) {
            known(callback, saved, answers);
        }
        return answers;
    }

    private static boolean asksForNames(Keys setup) {
        return !setup.has("model");
    }

    private static List<Double> series(Keys setup) {
        var values = new ArrayList<Double>();
        for (String name : List.of("monitor_values_per_epoch", "losses_per_epoch")) {
            for (Json value : setup.items(name)) {
                values.add(
                        switch (value) {
                            case Json.Whole(long whole) -> (double) whole;
                            case Json.Real(double real) -> real;
                            case Json.Text(String text) -> Double.valueOf(text);
                            default -> throw new NotUnderstoodException(value + " is no number");
                        });
            }
        }
        return values;
    }

    /// A metric is logged where it can be monitored: after each validation and each epoch.
    private static void logDecreasing(Scenario scenario, String metric) {
        var count = new AtomicLong();
        logBy(scenario, metric, run -> 1.0 / count.incrementAndGet());
    }

    private static void logSeries(Scenario scenario, String metric, List<Double> series) {
        logBy(scenario, metric, run -> series.get(run.epoch()));
    }

    private static void logBy(Scenario scenario, String metric, ToDoubleFunction<RunView> value) {
        if (List.of("epoch", "step").contains(metric)) {
            return;
        }
        scenario.script()
                .validationEpochEnd((run, results) -> {
                    if (run.activity() == Activity.VALIDATION) {
                        run.log(metric, value.applyAsDouble(run));
                    }
                })
                .trainingEpochEnd((run, results) -> {
                    if (run.metrics().get(metric).isEmpty()) {
                        run.log(metric, value.applyAsDouble(run));
                    }
                });
    }

    private static void known(ModelCheckpoint callback, List<SavedRun> saved, Answers answers) {
        answers.to("best_model_path", () -> name(callback.best()))
                .to("best", () -> name(callback.best()))
                .to("best_model_score", () -> orNull(callback.bestScore()))
                .to("best_score", () -> orNull(callback.bestScore()))
                .to("kth_best_model_path", () -> name(callback.worst()))
                .to("kth", () -> name(callback.worst()))
                .to("best_k_models", () -> scores(callback))
                .to("best_k", () -> scores(callback))
                .to("current_score", () -> orNull(callback.currentScore()))
                .to("last_model_path", () -> name(callback.last()))
                .to("last_model_path_set", () -> callback.last().isPresent())
                .to("last", () -> name(callback.last()))
                .to(
                        "best_k_models_second_run",
                        () ->
                                callback.scores().keySet().stream()
                                        .map(path -> path.getFileName().toString())
                                        .sorted()
                                        .toList())
                .to("current_score_saved_in_files", () -> savedScores(callback, saved));
    }

    private static String name(Optional<Path> path) {
        return path.map(Path::getFileName).map(Path::toString).orElse("");
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static Map<String, Double> scores(ModelCheckpoint callback) {
        var scores = new LinkedHashMap<String, Double>();
        callback.scores()
                .forEach((path, score) -> scores.put(path.getFileName().toString(), score));
        return scores;
    }

    private static List<Double> savedScores(ModelCheckpoint callback, List<SavedRun> saved) {
        return saved.stream()
                .map(run ->
                        run.checkpoint()
                                .state()
                                .fields("callbacks")
                                .fields(callback.stateKey())
                                .fields("kept")
                                .real("current"))
                .toList();
    }

    private static List<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .sorted(Comparator.comparing(CheckpointArea::inOrderOfNumbers))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Files are compared as a set; numbers in their names are in order as numbers.
    private static String inOrderOfNumbers(String name) {
        return NUMBER.matcher(name)
                .replaceAll(found -> "0".repeat(19 - found.group().length()) + found.group());
    }

    private static List<String> relative(List<Path> paths, Path folder) {
        return paths.stream().map(path -> folder.relativize(path).toString()).toList();
    }

    private static List<Answers> checkpoints(List<SavedRun> saved) {
        return saved.stream()
                .map(run ->
                        new Answers()
                                .to("epoch", run::askedInEpoch)
                                .to("global_step", run::globalStep))
                .toList();
    }
}
