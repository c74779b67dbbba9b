package conformance.kit;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.PlannedScheduler;
import tensor.optim.Schedule;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// The optimizers of a case: so many of one kind over all parameters, their frequencies and their schedulers.
public final class Optimizers {
    private static final double FACTOR = 0.1;

    private static final Phrases<Schedule> SCHEDULES =
            Phrases.<Schedule>of()
                    .say(
                            "StepLR\\((?:step_size=)?(\\d+)(?:, gamma=([\\d.]+))?\\)",
                            said ->
                                    Schedules.step(
                                            Long.parseLong(said.group(1)),
                                            said.group(2) == null
                                                    ? FACTOR
                                                    : Double.parseDouble(said.group(2))));

    /// A scheduler of one of the optimizers.
    ///
    /// @param optimizer which one, from 0
    /// @param schedule how the learning rate changes
    /// @param moments says when it moves
    public record Planned(
            int optimizer, Schedule schedule, UnaryOperator<PlannedScheduler> moments) {}

    private Optimizers() {}

    /// {@return what makes the plan of a case: one optimizer, no frequencies and no schedulers if nothing is said}
    ///
    /// @param setup holds `optimizers`, `frequencies` and `lr_schedulers`
    public static Function<TrainedModel, OptimizerPlan> read(Keys setup) {
        return plan(setup, setup.isList("lr_schedulers") ? schedulers(setup) : noSchedulers(setup));
    }

    /// {@return what makes the plan of a case with these schedulers}
    ///
    /// @param setup holds `optimizers` and `frequencies`
    /// @param schedulers the schedulers; those of optimizers that are not there are left out
    public static Function<TrainedModel, OptimizerPlan> plan(Keys setup, List<Planned> schedulers) {
        int count = Math.toIntExact(setup.whole("optimizers", 1));
        var frequencies = setup.wholes("frequencies");
        if (!frequencies.isEmpty() && frequencies.size() != count) {
            throw new NotUnderstoodException(
                    "there are %d optimizers and the frequencies %s".formatted(count, frequencies));
        }
        return model -> {
            var planned = new ArrayList<PlannedOptimizer>();
            for (int i = 0; i < count; i++) {
                var one = scheduled(model, i, schedulers);
                planned.add(
                        frequencies.isEmpty()
                                ? one
                                : one.frequency(Math.toIntExact(frequencies.get(i))));
            }
            return new OptimizerPlan(planned);
        };
    }

    private static PlannedOptimizer scheduled(
            TrainedModel model, int index, List<Planned> schedulers) {
        var optimizer = Sgd.of(model.parameters(), Script.LEARNING_RATE);
        var planned = PlannedOptimizer.of(optimizer);
        for (Planned each : schedulers) {
            if (each.optimizer() == index) {
                planned =
                        planned.schedule(Scheduler.of(optimizer, each.schedule()), each.moments());
            }
        }
        return planned;
    }

    private static List<Planned> noSchedulers(Keys setup) {
        if (setup.whole("lr_schedulers", 0) != 0) {
            throw new NotUnderstoodException("lr_schedulers needs to be 0 or a list");
        }
        return List.of();
    }

    private static List<Planned> schedulers(Keys setup) {
        var planned = new ArrayList<Planned>();
        for (Keys row : setup.rows("lr_schedulers")) {
            planned.add(
                    new Planned(
                            Math.toIntExact(row.whole("optimizer", 0)),
                            SCHEDULES.read(row.text("kind")),
                            moments(row.textIfAny("interval").orElse("epoch"))));
        }
        return planned;
    }

    /// {@return what says when a scheduler moves}
    ///
    /// @param interval `epoch` or `step`
    /// @throws NotUnderstoodException if it is neither
    public static UnaryOperator<PlannedScheduler> moments(String interval) {
        return switch (interval) {
            case "epoch" -> planned -> planned;
            case "step" -> PlannedScheduler::perStep;
            default ->
                    throw new NotUnderstoodException(
                            "a scheduler moves after each epoch or step, not " + interval);
        };
    }

    /// {@return how a learning rate changes}
    ///
    /// @param kind as `StepLR(step_size=1)`
    public static Schedule schedule(String kind) {
        return SCHEDULES.read(kind);
    }
}
