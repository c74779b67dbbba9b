package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.Phrases;
import conformance.kit.Event.Place;
import conformance.kit.Failure;
import conformance.kit.Phrase;
import conformance.kit.Refused;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.stream.Stream;
import loops.core.Resume;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.RunView;

/// Two fits, one after the other: with what the second begins, and what it makes.
final class ResumedFits {
    private static final String SAVED_AT_THE_END = "save_checkpoint after fit";

    /// How a first fit ends, and has its state at the given place.
    private static final Phrases<BiConsumer<Scenario, Path>> STOPS =
            Phrases.<BiConsumer<Scenario, Path>>of()
                    .say("no", said -> ResumedFits::saveAtTheEnd)
                    .say(
                            "exception at batch_idx (\\d+)",
                            said -> failing(Long.parseLong(said.group(1))))
                    .say(
                            "(?:trainer\\.)?should_stop(?: = true)? at batch_idx (\\d+)",
                            said -> stopping(Integer.parseInt(said.group(1))));

    private static final Phrases<Integer> AFTERWARDS =
            Phrases.<Integer>of()
                    .say(
                            "save_checkpoint; new trainer max_epochs=(\\d+); fit\\(ckpt_path\\)",
                            said -> Integer.valueOf(said.group(1)));

    /// What is counted in a fit.
    private record Counts(long epoch, long steps, long stepped) {
        static Counts of(Scenario scenario) {
            return new Counts(scenario.currentEpoch(), scenario.globalStep(), stepped(scenario));
        }

        static Counts in(RunView run, Scenario scenario) {
            return new Counts(run.epoch(), run.globalStep(), stepped(scenario));
        }

        private static long stepped(Scenario scenario) {
            return scenario.trainer()
                    .slots()
                    .epoch()
                    .get(TrainingEpochLoop.class)
                    .values()
                    .num("batches_that_stepped");
        }

        Answers answers() {
            return new Answers()
                    .to("current_epoch", () -> epoch)
                    .to("global_step", () -> steps)
                    .to("batches_that_stepped", () -> stepped);
        }
    }

    private ResumedFits() {}

    /// Everything is restored before the first hook, so that is where the second fit is looked at.
    static Answers counted(Keys setup, Path folder) {
        var flags = setup.fields("run1");
        Phrase.require(SAVED_AT_THE_END, flags.text("then"));
        var more = setup.fields("run2");
        Phrase.require("that file", more.text("ckpt_path"));
        var file = folder.resolve("end.ckpt");
        var first = Scenario.of(flags);
        saveAtTheEnd(first, file);
        var fresh = Counts.of(first);
        first.fit();
        var ended = Counts.of(first);
        var saved = SavedRun.at(file).orElseThrow();
        var second = Scenario.of(more);
        var before = Counts.of(second);
        var starts = new ArrayList<Counts>();
        second.events()
                .on(
                        "on_fit_start",
                        event -> starts.add(Counts.in(event.run().orElseThrow(), second)));
        second.fit(Resume.from(file));
        return new Answers()
                .to("new_trainer", fresh::answers)
                .to("after_run1", ended::answers)
                .to(
                        "checkpoint",
                        () ->
                                new Answers()
                                        .to("epoch", saved::epoch)
                                        .to("global_step", saved::globalStep))
                .to("run2_before_fit", before::answers)
                .to("run2_on_train_start", starts.getFirst()::answers)
                .to("after_run2", Counts.of(second)::answers);
    }

    private static void saveAtTheEnd(Scenario scenario, Path file) {
        scenario.events()
                .on("on_train_end", event -> event.run().orElseThrow().save(file, List.of()));
    }

    /// Fits that go on after each other, with other limits. A fit is a new run unless it is told to go on, so each but the
    /// first is told so.
    static Answers repeated(Keys setup, Path folder) {
        var fits = new ArrayList<Scenario>();
        var limits = new ArrayList<Integer>();
        var calls =
                Phrases.<Runnable>of()
                        .say(
                                "fit",
                                said -> () -> fits.add(next(setup, limits, fits.size(), folder)))
                        .say(
                                "fit_loop\\.max_epochs = (\\d+)",
                                said -> () -> limits.add(Integer.valueOf(said.group(1))));
        setup.texts("calls").forEach(call -> calls.read(call).run());
        return new Answers()
                .to("epochs_seen", () -> fits.stream().flatMap(ResumedFits::epochs).toList());
    }

    private static Stream<Integer> epochs(Scenario fit) {
        return fit.events().each("on_train_epoch_start", Place::epoch).stream();
    }

    private static Scenario next(Keys setup, List<Integer> limits, int before, Path folder) {
        var scenario = Scenario.of(setup.fields("trainer"));
        limits.forEach(epochs -> scenario.choose(config -> config.maxEpochs(epochs)));
        saveAtTheEnd(scenario, folder.resolve("end %d.ckpt".formatted(before)));
        scenario.fit(
                before == 0
                        ? Resume.never()
                        : Resume.from(folder.resolve("end %d.ckpt".formatted(before - 1))));
        return scenario;
    }

    // ---- from the middle of an epoch

    /// The rest of the epoch is made with the rest of its batches, so nobody needs to be warned.
    static Answers warned(Keys setup, Path folder) {
        boolean plain = warns(setup, folder.resolve("plain"), false);
        boolean tolerant = warns(setup, folder.resolve("tolerant"), true);
        return new Answers()
                .to("warning 'resuming from a checkpoint that ended'", () -> plain)
                .to("warning_with_fault_tolerance_on", () -> tolerant);
    }

    /// {@return whether the second fit warns of anything}
    private static boolean warns(Keys setup, Path folder, boolean saving) {
        var file = folder.resolve("saved.ckpt");
        var first = Scenario.of(setup.fields("trainer"));
        STOPS.read(setup.text("stop")).accept(first, file);
        Refused.by(first::fit);
        var second = Scenario.of(setup.fields("trainer"));
        int epochs = AFTERWARDS.read(setup.text("then"));
        second.choose(config -> config.maxEpochs(epochs));
        if (saving) {
            second.choose(config -> config.autoSave(folder.resolve(StateScenario.AUTO_SAVE)));
        }
        second.fit(Resume.from(file));
        return !second.log().lines(Level.WARNING).isEmpty();
    }

    private static BiConsumer<Scenario, Path> failing(long batch) {
        return (scenario, file) -> {
            var any = OptionalLong.empty();
            scenario.choose(config -> config.autoSave(file));
            new Failure("training_step", any, OptionalLong.of(batch), any, any, false).in(scenario);
        };
    }

    private static BiConsumer<Scenario, Path> stopping(int batch) {
        return (scenario, file) -> {
            saveAtTheEnd(scenario, file);
            scenario.events()
                    .on(
                            "on_train_batch_start",
                            event -> {
                                if (event.place().batch() == batch) {
                                    event.run().orElseThrow().stop("enough");
                                }
                            });
        };
    }
}
