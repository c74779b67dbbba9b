package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.kit.Call;
import conformance.kit.Failure;
import conformance.kit.Phrase;
import conformance.kit.Refused;
import conformance.kit.Saving;
import conformance.kit.Scenario;
import conformance.kit.Workspace;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.logging.Level;
import loops.core.Resume;
import loops.core.callback.ModelCheckpoint;
import org.jspecify.annotations.Nullable;

/// From which checkpoint a run goes on, or takes its values: a named one, the best, the last, or none.
final class ResumePlaces {
    private static final int BATCHES = 2;

    /// What a case calls the two checkpoints.
    private record Names(String leftBehind, String best) {
        String of(String file) {
            return file.equals(leftBehind) ? leftBehind : best;
        }
    }

    private static final Phrases<Names> FILES =
            Phrases.<Names>of()
                    .say(
                            "(\\S+) exists; best_model_path = (\\S+)",
                            said -> new Names(said.group(1), said.group(2)));

    private ResumePlaces() {}

    /// Each function that is named is called, after a fit of the same trainer if it is none itself.
    static Answers found(Keys setup, Path folder) {
        setup.maybe("note");
        var from = setup.json("ckpt_path");
        boolean saves = setup.flag("enable_checkpointing", true);
        var calls = new ArrayList<Call>();
        var answers = new Answers();
        for (String function : functions(setup)) {
            var scenario = small();
            scenario.choose(config -> config.checkpointing(saves));
            var callback = saving(setup).in(folder.resolve(function));
            if (saves) {
                scenario.callback(callback);
            }
            if (!function.equals("fit")) {
                scenario.fit();
            }
            long before = scenario.log().lines(Level.WARNING).size();
            calls.add(call(scenario, function, from, folder));
            answers.to("trainer.ckpt_path", () -> name(scenario.trainer().resumedFrom(), callback))
                    .to("warning", () -> warning(scenario, before));
        }
        var refused = Refused.all(calls.stream().map(Call::thrown).toList());
        for (String question : List.of("raises", "fit_raises", "message_contains")) {
            answers.to(question, () -> refused.answer(question));
        }
        return answers;
    }

    private static List<String> functions(Keys setup) {
        return setup.isList("fn")
                ? setup.texts("fn")
                : List.of(setup.textIfAny("fn").orElse("fit"));
    }

    /// A new trainer goes on from the last checkpoint of an earlier one.
    static Answers foundByAnother(Keys setup, Path folder) {
        var flags = setup.fields("run1");
        Phrase.require("new trainer, fit(ckpt_path='last')", setup.text("run2"));
        var trainers = new ArrayList<Scenario>();
        for (int run = 0; run < 2; run++) {
            var scenario = Scenario.of(flags);
            scenario.loaders().all(BATCHES);
            scenario.callback(saving(flags).in(folder.resolve("checkpoints")));
            trainers.add(scenario);
        }
        trainers.getFirst().fit();
        trainers.getLast().fit(Resume.last());
        var from = trainers.getLast().trainer().resumedFrom();
        return new Answers()
                .to(
                        "trainer.ckpt_path",
                        () -> from.map(path -> folder.relativize(path).toString()));
    }

    /// Both are there: the best checkpoint of a run that has ended, and what a failed one has left.
    static Answers preceding(Keys setup) {
        var names = FILES.read(String.join("; ", setup.texts("files")));
        var paths = new ArrayList<@Nullable String>();
        var warnings = new ArrayList<Observed>();
        for (Json row : setup.items("rows")) {
            if (!(row instanceof Json.Items(var values))
                    || values.size() != 2
                    || !(values.getFirst() instanceof Json.Text(String function))) {
                throw new NotUnderstoodException(row + " is no function and a checkpoint");
            }
            try (var workspace = Workspace.create()) {
                var scenario = bothLeft(workspace.folder(), names.leftBehind());
                call(scenario, function, values.getLast(), workspace.folder());
                var from = scenario.trainer().resumedFrom().map(Path::getFileName);
                paths.add(from.map(path -> names.of(path.toString())).orElse(null));
                warnings.add(warning(scenario, 0));
            }
        }
        return new Answers().to("path", () -> paths).to("warning", () -> warnings);
    }

    /// {@return a trainer that knows where an ended and a failed run have saved}
    private static Scenario bothLeft(Path folder, String name) {
        var ended = saving(folder);
        ended.fit();
        var failed = saving(folder);
        failed.choose(config -> config.autoSave(folder.resolve(name)));
        var any = OptionalLong.empty();
        new Failure("training_step", any, OptionalLong.of(1), any, any, false).in(failed);
        var _ = Refused.by(failed::fit).orElseThrow();
        var next = saving(folder);
        next.choose(config -> config.autoSave(folder.resolve(name)));
        return next;
    }

    private static Scenario saving(Path folder) {
        var scenario = small();
        scenario.callback(ModelCheckpoint.newest(folder.resolve("checkpoints")));
        return scenario;
    }

    private static Scenario small() {
        var scenario = Scenario.plain();
        scenario.loaders().all(BATCHES);
        scenario.choose(config -> config.maxEpochs(1));
        return scenario;
    }

    private static Saving saving(Keys arguments) {
        return Saving.read(arguments, Optional.empty(), InstantSource.system());
    }

    private static Call call(Scenario scenario, String function, Json from, Path folder) {
        return switch (from) {
            case Json.Null _ -> Call.make(scenario, function);
            case Json.Text(String place) ->
                    Call.make(
                            scenario,
                            function,
                            switch (place) {
                                case "best" -> Resume.best();
                                case "last" -> Resume.last();
                                default -> Resume.from(folder.resolve(place));
                            });
            default -> throw new NotUnderstoodException(from + " is no checkpoint");
        };
    }

    private static @Nullable String name(Optional<Path> from, ModelCheckpoint callback) {
        if (from.isEmpty()) {
            return null;
        }
        return from.equals(callback.last())
                ? "last_model_path"
                : from.equals(callback.best()) ? "best_model_path" : from.get().toString();
    }

    private static Observed warning(Scenario scenario, long before) {
        return Observed.said(
                scenario.log().lines(Level.WARNING).stream().skip(before).findFirst().orElse(null));
    }
}
