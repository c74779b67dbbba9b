package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json.Fields;
import conformance.kit.AskedEpochLoop;
import conformance.kit.AskedFitLoop;
import conformance.kit.LogLines;
import conformance.kit.Scenario;
import conformance.kit.TrainerFlags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Level;
import loops.api.Counts;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.training.EpochRun;
import loops.core.training.FitPlan;
import loops.core.training.FitRun;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;

/// Asks loops that are not running whether they are done, with counts set by hand.
final class StopQuestions {
    private static final List<String> FLAGS =
            List.of("max_epochs", "max_steps", "min_epochs", "min_steps");

    private StopQuestions() {}

    /// Where the loops stand.
    private record Standing(
            FitPlan plan,
            long batches,
            boolean stop,
            long globalStep,
            long batchesReady,
            long epochsProcessed,
            long epochsCompleted) {
        FitRun fit() {
            var scenario = Scenario.of(new Keys("", Fields.EMPTY));
            scenario.loaders().train(scenario.loaders().source("train", Math.toIntExact(batches)));
            var scope = TrainingScope.of(scenario.model(), RandomKey.of(0));
            for (long i = 0; i < globalStep; i++) {
                scope.optimizers().getFirst().step();
            }
            if (stop) {
                scope.stop().request("set by hand");
            }
            return FitRun.of(scope, scenario.loaders(), plan);
        }

        boolean fitDone() {
            var loop = new AskedFitLoop();
            var counts = same(epochsProcessed);
            loop.epochProgress().set(counts, counts);
            return loop.asked(fit());
        }

        boolean epochDone() {
            var loop = new AskedEpochLoop();
            var counts = same(batchesReady);
            loop.batchProgress().set(counts, counts);
            return loop.asked(new EpochRun(fit(), Math.toIntExact(epochsCompleted)));
        }

        boolean mayStop() {
            return plan.mayStop(Math.max(epochsProcessed, epochsCompleted), globalStep);
        }

        private static Counts same(long count) {
            return new Counts(count, count, count, count);
        }
    }

    static Answers conditions(Keys setup) {
        var standing =
                new Standing(
                        plan(setup.fields("trainer")),
                        setup.whole("num_training_batches"),
                        setup.flag("should_stop", false),
                        setup.whole("global_step"),
                        setup.whole("batch_progress.current.ready", 0),
                        setup.whole("epoch_progress.current.processed", 0),
                        setup.whole("epoch_progress.current.completed", 0));
        var log = new LogLines();
        return new Answers()
                .to("fit_loop.done", () -> log.during(standing::fitDone))
                .to("epoch_loop.done", () -> log.during(standing::epochDone))
                .to("can_stop_early", standing::mayStop)
                .to(
                        "debug_message_should_stop_was_set",
                        () ->
                                log.lines(Level.FINE).stream()
                                        .anyMatch(line -> line.startsWith("the fit ends: a stop")))
                .to("info_message_min_not_met", () -> !log.lines(Level.INFO).isEmpty());
    }

    /// The same fit loop asked again and again, each time after some settings.
    static Answers steps(Keys setup) {
        var settings = new LinkedHashMap<String, Long>();
        Phrases.<Runnable>of()
                .say("FitLoop\\((.*)\\)", said -> () -> set(settings, said.group(1), ", "))
                .read(setup.text("fit_loop"))
                .run();
        var done = new ArrayList<Boolean>();
        var lines = new ArrayList<Observed>();
        for (String step : setup.texts("steps")) {
            set(settings, step, "; ");
            var standing = standing(settings);
            var log = new LogLines();
            done.add(log.during(standing::fitDone));
            lines.add(Observed.said(log.lines(Level.FINE).stream().findFirst().orElse(null)));
        }
        return new Answers().to("done", () -> done).to("log_contains", () -> lines);
    }

    private static void set(Map<String, Long> settings, String text, String between) {
        var setting =
                Phrases.<Runnable>of()
                        .say(
                                "should_stop=(true|false)",
                                said ->
                                        () ->
                                                settings.put(
                                                        "should_stop",
                                                        said.group(1).equals("true") ? 1L : 0L))
                        .say(
                                "(?:epoch_loop\\.)?([\\w.]+)=(-?\\d+)",
                                said ->
                                        () ->
                                                settings.put(
                                                        said.group(1),
                                                        Long.valueOf(said.group(2))));
        for (String each : text.split(between, -1)) {
            setting.read(each).run();
        }
    }

    private static Standing standing(Map<String, Long> settings) {
        var left = new LinkedHashMap<>(settings);
        var flags = Fields.EMPTY;
        for (String flag : FLAGS) {
            Long value = left.remove(flag);
            flags = value == null ? flags : flags.with(flag, value);
        }
        var standing =
                new Standing(
                        plan(new Keys("", flags)),
                        take(left, "num_training_batches"),
                        take(left, "should_stop") == 1,
                        take(left, "global_step"),
                        take(left, "batch_progress.current.ready"),
                        take(left, "epoch_progress.current.processed"),
                        take(left, "epoch_progress.current.completed"));
        if (!left.isEmpty()) {
            throw new NotUnderstoodException("there are no settings " + left.keySet());
        }
        return standing;
    }

    private static long take(Map<String, Long> settings, String name) {
        Long value = settings.remove(name);
        return value == null ? 0 : value;
    }

    /// The plan that the flags make, where those of minima that are not given are 0.
    private static FitPlan plan(Keys flags) {
        Consumer<TrainerConfig> none = config -> config.plan(plan -> plan.minEpochs(0));
        return Trainer.of(none.andThen(TrainerFlags.read(flags))).plan();
    }

    /// The timers that a fit with these flags has, however long it is.
    private static int timers(Keys flags) {
        var scenario = Scenario.of(flags);
        scenario.choose(
                config -> config.maxEpochs(1).maxSteps(1).plan(plan -> plan.sanityBatches(0)));
        return scenario.timers();
    }

    /// What a trainer says before it has done anything.
    static Answers beforeFit(Keys setup) {
        var flags = setup.fields("trainer");
        var scenario = Scenario.of(flags);
        var plan = scenario.trainer().plan();
        var standing = new Standing(plan, 1, false, 0, 0, 0, 0);
        return new Answers()
                .to("trainer.max_epochs", plan::maxEpochs)
                .to("trainer.max_steps", plan::maxSteps)
                .to("fit_loop.done_before_fit", standing::fitDone)
                .to("timer_callbacks", () -> timers(flags));
    }
}
