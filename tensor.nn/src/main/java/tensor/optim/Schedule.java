package tensor.optim;

import java.util.OptionalDouble;

/// How learning rates change from step to step: a pure description, put to work by a [Scheduler].
///
/// Steps are counted from 0, the moment in which the schedule is put to work; what a step is, a batch or an epoch, is
/// the caller's affair. The rate at a step follows from that of the step before, so that schedules can be
/// [chained][Schedules#chained] and a rate set by hand is not forgotten.
///
/// ```java
/// Schedule halving = (step, group, rate, base) -> step > 0 && step % 10 == 0 ? rate / 2 : rate;
/// ```
@FunctionalInterface
public interface Schedule {
    /// {@return the learning rate of a group at a step}
    ///
    /// @param step from 0
    /// @param group index of the group in its optimizer
    /// @param rate the group's learning rate at the step before; at step 0 the one it has
    /// @param base the group's learning rate when the schedule was put to work
    double learningRate(long step, int group, double rate, double base);

    /// {@return the momentum of a group at a step; empty if the schedule leaves it as it is}
    ///
    /// @param step from 0
    /// @param group index of the group in its optimizer
    default OptionalDouble momentum(long step, int group) {
        return OptionalDouble.empty();
    }

    /// Refuses an optimizer for which this schedule is not made.
    ///
    /// @param optimizer to which it is to be put
    /// @throws IllegalArgumentException if it does not fit: say, because it has more groups than the schedule has rates
    default void checkFits(Optimizer optimizer) {}
}
