package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.kit.Phrase;
import conformance.kit.Refused;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import loops.api.LoopState;
import loops.core.Resume;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import org.jspecify.annotations.Nullable;

/// The callbacks of a fit that goes on: none may be lost, and each has the state that was saved.
final class RestoredCallbacks {
    private static final String METRIC = "monitored";
    private static final int BATCHES = 2;

    /// Two are saved; these are there when the run goes on, by their numbers.
    private static final Phrases<List<Integer>> PRESENT =
            Phrases.<List<Integer>>of()
                    .say("only the first", said -> List.of(0))
                    .say("only the second", said -> List.of(1))
                    .say("both", said -> List.of(0, 1))
                    .say("both in other order", said -> List.of(1, 0));

    private static final Phrases<String> MONITORS =
            Phrases.<String>of().say("ModelCheckpoint\\(monitor=(\\w+)\\)", said -> said.group(1));

    private static final List<String> NUMBERS = List.of("first", "second");

    private RestoredCallbacks() {}

    static Answers missing(Keys setup, Path folder) {
        var monitors = setup.texts("saved_with").stream().map(MONITORS::read).toList();
        var all = callbacks(monitors, folder);
        var first = logging(monitors);
        all.forEach(first::callback);
        first.fit();
        var saved = all.getFirst().best().orElseThrow();
        var warnings = new ArrayList<Observed>();
        var refused = new ArrayList<@Nullable String>();
        for (String present : setup.texts("resumed_with")) {
            var next = logging(monitors);
            var others = callbacks(monitors, folder);
            PRESENT.read(present).forEach(number -> next.callback(others.get(number)));
            var thrown = Refused.by(() -> next.fit(Resume.from(saved)));
            warnings.add(
                    Observed.said(
                            next.log().lines(Level.WARNING).stream().findFirst().orElse(null)));
            refused.add(thrown.map(error -> named(error, all)).orElse(null));
        }
        return new Answers()
                .to("warning_contains", () -> warnings)
                .to("refused_without", () -> refused);
    }

    private static List<ModelCheckpoint> callbacks(List<String> monitors, Path folder) {
        return monitors.stream()
                .map(metric -> ModelCheckpoint.best(folder.resolve(metric), metric, Mode.MIN))
                .toList();
    }

    /// {@return a trainer of a model that logs what is monitored}
    private static Scenario logging(List<String> monitors) {
        var scenario = small(1);
        scenario.script()
                .trainingEpochEnd((run, results) ->
                        monitors.stream()
                                .filter(metric -> !List.of("epoch", "step").contains(metric))
                                .forEach(metric -> run.log(metric, (double) run.globalStep())));
        return scenario;
    }

    /// {@return the one callback whose state an error names, as a case says it}
    private static String named(Throwable error, List<ModelCheckpoint> all) {
        String message = String.valueOf(error.getMessage());
        String list = message.substring(message.indexOf('['), message.indexOf(']') + 1);
        return all.stream()
                .filter(callback -> list.equals("[" + callback.stateKey() + "]"))
                .findFirst()
                .map(callback ->
                        "<state_key of the %s>".formatted(NUMBERS.get(all.indexOf(callback))))
                .orElse(message);
    }

    private static Scenario small(int epochs) {
        var scenario = Scenario.plain();
        scenario.loaders().all(BATCHES);
        scenario.loaders().validation(List.of());
        scenario.choose(config -> config.maxEpochs(epochs));
        return scenario;
    }

    // ---- early stopping

    /// A metric gets better with each epoch, so the one checkpoint that is kept is of the last.
    static Answers refusedAfterLoading(Keys setup, Path folder) {
        var flags = setup.fields("run1");
        var more = setup.fields("run2");
        Phrase.require("kth best of run1", more.text("ckpt_path"));
        var stopping = stopping();
        var first = monitored(flags, stopping);
        var saving = ModelCheckpoint.best(folder, METRIC, Mode.MIN);
        first.callback(saving);
        var states = new ArrayList<LoopState.Fields>();
        first.events().on("on_train_epoch_start", event -> states.add(stopping.stateDict()));
        first.events().on("on_train_end", event -> states.add(stopping.stateDict()));
        first.fit();
        var saved = SavedRun.at(saving.worst().orElseThrow()).orElseThrow();
        var loaded = stopping();
        var second = monitored(more, loaded);
        second.callback(ModelCheckpoint.best(folder.resolve("second"), METRIC, Mode.MIN));
        var thrown = Refused.by(() -> second.fit(Resume.from(saved.place())));
        long epoch = states.indexOf(loaded.stateDict()) - 1L;
        return Refused.answers(thrown)
                .to("run2_raises", () -> Observed.kind(thrown.orElse(null)))
                .to(
                        "callback_state_equals_saved_state_of_epoch",
                        () -> epoch == saved.askedInEpoch() ? "checkpoint.epoch" : (Object) epoch);
    }

    private static EarlyStopping stopping() {
        return EarlyStopping.of(METRIC, Mode.MIN, config -> config.atEpochEnd(true));
    }

    private static Scenario monitored(Keys flags, EarlyStopping stopping) {
        var scenario = Scenario.of(flags);
        scenario.loaders().all(BATCHES);
        scenario.loaders().validation(List.of());
        scenario.callback(stopping);
        scenario.script()
                .trainingEpochEnd((run, results) -> run.log(METRIC, 1.0 / (1 + run.epoch())));
        return scenario;
    }
}
