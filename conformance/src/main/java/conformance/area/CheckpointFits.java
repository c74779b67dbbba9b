package conformance.area;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.kit.Rates;
import conformance.kit.SaveLog;
import conformance.kit.SavedRun;
import conformance.kit.Saving;
import conformance.kit.Scenario;
import conformance.kit.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import loops.core.Resume;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.Activity;
import loops.core.training.RunView;

/// The fits of a case about checkpoints, one after the other: each with a trainer and a model of its own, with what is
/// monitored and with the callback that saves.
final class CheckpointFits {
    /// What is monitored where a case does not say its name.
    static final String METRIC = "monitored";

    private static final Phrases<Long> CLOCKS =
            Phrases.<Long>of()
                    .say("(\\d+) seconds per batch", said -> Long.parseLong(said.group(1)));

    private static final Phrases<Rates> RATES =
            Phrases.<Rates>of()
                    .say(
                            "(ReduceLROnPlateau)\\(monitor (\\w+)\\)",
                            said ->
                                    rates(
                                            said.group(1),
                                            Optional.of(said.group(2)),
                                            Script.LEARNING_RATE))
                    .say(
                            "(StepLR\\(.*\\)), lr=([\\d.]+)",
                            said ->
                                    rates(
                                            said.group(1),
                                            Optional.empty(),
                                            Double.parseDouble(said.group(2))));

    private final Keys setup;
    private final Keys first;
    private final Path folder;
    private final List<Double> series;
    private final AtomicLong clock = new AtomicLong();
    private final SaveLog saves = new SaveLog();
    private final LoggedValues values = new LoggedValues();
    private final List<String> best = new ArrayList<>();
    private Path home;
    private Path place;
    private OptionalInt maxEpochs = OptionalInt.empty();
    private Scenario scenario = Scenario.plain();
    private Optional<Saving> saving;
    private Optional<ModelCheckpoint> callback = Optional.empty();

    /// @param setup the case
    /// @param folder where all is saved
    CheckpointFits(Keys setup, Path folder) {
        this.setup = setup;
        this.first = setup.has("run1") ? setup.fields("run1") : setup;
        this.folder = folder;
        this.home = folder;
        this.place = folder.resolve("checkpoints");
        this.series = series(setup);
        this.saving = saving();
    }

    private static Rates rates(String kind, Optional<String> monitor, double rate) {
        var row = new Rates.Row(0, kind, "epoch", 1, monitor, true);
        return new Rates(1, optimizer -> rate, List.of(), List.of(row));
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

    private Optional<Saving> saving() {
        return first.has("ModelCheckpoint")
                ? Optional.of(
                        Saving.read(
                                first.fields("ModelCheckpoint"),
                                series.isEmpty() ? Optional.empty() : Optional.of(METRIC),
                                () -> Instant.ofEpochMilli(clock.get())))
                : Optional.empty();
    }

    // ---- what may be changed between two fits

    /// Sets how many epochs the next trainers train.
    void maxEpochs(int epochs) {
        maxEpochs = OptionalInt.of(epochs);
    }

    /// Has the next callbacks save in another folder.
    void place(String name) {
        place = folder.resolve(name);
    }

    /// Has the next trainers add the callback that saves by themselves, in a folder each.
    void savingByDefault(String name) {
        saving = Optional.empty();
        home = folder.resolve(name);
        place = home.resolve("checkpoints");
    }

    // ---- trainers

    /// Makes a trainer, and the callback that saves.
    void anew() {
        prepare();
        callback = saving.map(each -> scenario.log().during(() -> each.in(place)));
        callback.ifPresent(scenario::callback);
    }

    /// Makes a trainer, with the callback that there is.
    void again() {
        prepare();
        callback.ifPresent(scenario::callback);
    }

    private void prepare() {
        var flags = setup.has("run1") ? first : setup.fields("trainer");
        var made = Scenario.of(flags);
        scenario = made;
        made.choose(config -> config.loggers(saves).folder(home));
        maxEpochs.ifPresent(epochs -> made.choose(config -> config.maxEpochs(epochs)));
        if (setup.has("train_batches")) {
            made.trainBatches(Math.toIntExact(setup.whole("train_batches")));
        }
        if (setup.has("model")) {
            Scenario.requireBoring(setup.text("model"));
        }
        if (setup.has("mock_clock")) {
            long seconds = CLOCKS.read(setup.text("mock_clock"));
            made.events().on("on_train_batch_start", event -> clock.addAndGet(1000 * seconds));
        }
        if (!series.isEmpty() && !flags.has("max_epochs")) {
            made.choose(config -> config.maxEpochs(series.size()));
        }
        var monitor = saving.flatMap(Saving::monitor).orElse(METRIC);
        if (setup.has("lr_scheduler")) {
            var rates = RATES.read(setup.text("lr_scheduler"));
            made.script().plan(rates::plan);
            values.in(made, monitor);
        } else if (saving.isPresent() && series.isEmpty()) {
            logDecreasing(made, monitor);
        } else if (saving.isPresent()) {
            logBy(made, monitor, run -> series.get(run.epoch()));
        }
    }

    /// Logs a metric where it can be monitored: after each validation and each epoch.
    static void logDecreasing(Scenario scenario, String metric) {
        var count = new AtomicLong();
        logBy(scenario, metric, run -> 1.0 / count.incrementAndGet());
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

    // ---- runs

    void fit(Resume resume) {
        scenario.fit(resume);
        best.add(
                saver().flatMap(ModelCheckpoint::best)
                        .map(path -> path.getFileName().toString())
                        .orElse(""));
    }

    /// {@return the names of the best checkpoints, after each fit}
    List<String> best() {
        return List.copyOf(best);
    }

    void test(Resume resume) {
        scenario.test(resume);
    }

    void validate(Resume resume) {
        scenario.validate(resume);
    }

    /// {@return to go on from a checkpoint, by what it is called in a case}
    ///
    /// @param said its file name, or `best`, or `last file`
    Resume from(String said) {
        return switch (said) {
            case "best" -> Resume.from(saver().flatMap(ModelCheckpoint::best).orElseThrow());
            case "last file" -> Resume.latest(place);
            default -> Resume.from(folder.resolve("checkpoints").resolve(said));
        };
    }

    // ---- what they came to

    /// {@return the callback that saves, if one does}
    private Optional<ModelCheckpoint> saver() {
        return callback.or(() ->
                scenario.trainer().callbacks().stream()
                        .filter(ModelCheckpoint.class::isInstance)
                        .map(ModelCheckpoint.class::cast)
                        .findFirst());
    }

    /// {@return how things stand after the latest fit}
    CheckpointOutcome outcome() {
        var files = names(place);
        return new CheckpointOutcome(
                scenario,
                saver(),
                files,
                files.isEmpty() ? List.of() : SavedRun.below(place),
                saves.saved().stream().map(path -> folder.relativize(path).toString()).toList(),
                !setup.has("model") && !first.has("ModelCheckpoint"),
                values);
    }

    private static Set<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (var entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
