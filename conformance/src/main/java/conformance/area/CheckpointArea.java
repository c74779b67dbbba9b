package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.json.Json;
import conformance.kit.Refused;
import conformance.kit.Saving;
import conformance.kit.Scenario;
import conformance.kit.Workspace;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import loops.core.Resume;
import loops.core.callback.CheckpointName;
import loops.core.callback.ModelCheckpoint;

/// Which checkpoints a callback writes and keeps, what they are called, and what it knows of them.
///
/// The epoch of a checkpoint is the one in which it was asked for.
final class CheckpointArea implements Area {
    private static final Pattern COMPARED = Pattern.compile("(\\S+) equals (\\S+) in");

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
        if (setup.has("trainers")) {
            return CheckpointCallbacks.configured(setup, expect);
        }
        if (setup.has("saved_state")) {
            return CheckpointCallbacks.restored(setup);
        }
        if (setup.has("rows")) {
            return CheckpointCallbacks.moments(setup);
        }
        try (var workspace = Workspace.create()) {
            return asksForAFit(expect)
                    ? fitted(setup, expect, workspace.folder())
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
        CheckpointFits.logDecreasing(scenario, saving.monitor().orElse(CheckpointFits.METRIC));
        scenario.fit();
        return callback.lastSteps();
    }

    // ---- with a run

    private static Answers fitted(Keys setup, Expectation expect, Path folder) {
        var fits = new CheckpointFits(setup, folder);
        for (long run = setup.whole("runs", 1); run > 0; run--) {
            fits.anew();
            fits.fit(Resume.never());
        }
        var answers = CheckpointSequel.read(setup).follow(fits);
        var outcome = fits.outcome();
        for (String question : expect.names()) {
            var compared = COMPARED.matcher(question);
            if (compared.matches()) {
                var same = outcome.agreement(compared.group(1), compared.group(2));
                answers.to(question, () -> same);
            }
        }
        return outcome.answers(answers);
    }
}
