package loops.core.training;

import java.util.Optional;
import tensor.optim.Scheduler;

/// A scheduler with the moments at which it moves.
///
/// @param scheduler changes the learning rate of its optimizer
/// @param everyStep whether it moves after steps of its optimizer; after epochs if not
/// @param frequency after how many of them it moves
/// @param monitor the metric that it looks at, for one that does
/// @param strict whether it is an error if that metric is missing; else it is passed over
/// @param name the name under which its learning rate is logged, if it has one
public record PlannedScheduler(
        Scheduler scheduler,
        boolean everyStep,
        int frequency,
        Optional<String> monitor,
        boolean strict,
        Optional<String> name) {
    /// Checks that the parts fit each other.
    public PlannedScheduler {
        if (frequency < 1) {
            throw new IllegalArgumentException(
                    "PlannedScheduler: frequency is %d; use a number from 1".formatted(frequency));
        }
    }

    /// {@return a scheduler that moves after each epoch}
    ///
    /// @param scheduler changes the learning rate of its optimizer
    public static PlannedScheduler of(Scheduler scheduler) {
        return new PlannedScheduler(scheduler, false, 1, Optional.empty(), true, Optional.empty());
    }

    /// {@return this scheduler, moving after steps of its optimizer instead of epochs}
    public PlannedScheduler perStep() {
        return new PlannedScheduler(scheduler, true, frequency, monitor, strict, name);
    }

    /// {@return this scheduler, moving after every so many steps or epochs}
    ///
    /// @param every from 1
    public PlannedScheduler every(int every) {
        return new PlannedScheduler(scheduler, everyStep, every, monitor, strict, name);
    }

    /// {@return this scheduler, looking at a metric}
    ///
    /// @param metric the name of the metric
    public PlannedScheduler monitoring(String metric) {
        return new PlannedScheduler(
                scheduler, everyStep, frequency, Optional.of(metric), strict, name);
    }

    /// {@return this scheduler, passed over where its metric is missing}
    public PlannedScheduler lenient() {
        return new PlannedScheduler(scheduler, everyStep, frequency, monitor, false, name);
    }

    /// {@return this scheduler under a name}
    ///
    /// @param own under which its learning rate is logged
    public PlannedScheduler named(String own) {
        return new PlannedScheduler(
                scheduler, everyStep, frequency, monitor, strict, Optional.of(own));
    }
}
