package loops.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import tensor.optim.Optimizer;
import tensor.optim.Scheduler;

/// An optimizer with what belongs to it: its turn among the others, schedulers of its learning rate, clipping.
///
/// @param optimizer the optimizer
/// @param frequency how many batches in a row use it, and no other; empty if each batch uses all optimizers
/// @param schedulers what changes its learning rate
/// @param clip how its gradients are clipped; empty for what the fit's plan says
public record PlannedOptimizer(
        Optimizer optimizer,
        OptionalInt frequency,
        List<PlannedScheduler> schedulers,
        Optional<Clip> clip) {
    /// Checks that the parts fit each other and copies the list.
    ///
    /// @throws IllegalArgumentException if the frequency is less than 1, or a scheduler changes another optimizer
    @SuppressWarnings("ReferenceEquality") // an optimizer is itself and no other
    public PlannedOptimizer {
        schedulers = List.copyOf(schedulers);
        for (PlannedScheduler planned : schedulers) {
            if (planned.scheduler().optimizer() != optimizer) {
                throw new IllegalArgumentException(
                        "PlannedOptimizer: a scheduler changes the learning rate of another %s than the %s that it is planned for; plan it for the one that it was made with"
                                .formatted(
                                        planned.scheduler().optimizer().kind(), optimizer.kind()));
            }
        }
        if (frequency.isPresent() && frequency.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "PlannedOptimizer: frequency is %d; use a number from 1"
                            .formatted(frequency.getAsInt()));
        }
    }

    /// {@return an optimizer without anything}
    ///
    /// @param optimizer the optimizer
    public static PlannedOptimizer of(Optimizer optimizer) {
        return new PlannedOptimizer(optimizer, OptionalInt.empty(), List.of(), Optional.empty());
    }

    /// {@return this optimizer, used by so many batches in a row and then by none while the others have their turn}
    ///
    /// @param batches from 1
    public PlannedOptimizer frequency(int batches) {
        return new PlannedOptimizer(optimizer, OptionalInt.of(batches), schedulers, clip);
    }

    /// {@return this optimizer with a scheduler that moves after each epoch}
    ///
    /// @param scheduler changes its learning rate
    public PlannedOptimizer schedule(Scheduler scheduler) {
        return schedule(scheduler, planned -> planned);
    }

    /// {@return this optimizer with a scheduler}
    ///
    /// @param scheduler changes its learning rate
    /// @param choices says when it moves: `planned -> planned.everyStep()`
    public PlannedOptimizer schedule(Scheduler scheduler, UnaryOperator<PlannedScheduler> choices) {
        var more = new ArrayList<>(schedulers);
        more.add(choices.apply(PlannedScheduler.of(scheduler)));
        return new PlannedOptimizer(optimizer, frequency, more, clip);
    }

    /// {@return this optimizer with clipping of its own}
    ///
    /// @param own how its gradients are clipped
    public PlannedOptimizer clip(Clip own) {
        return new PlannedOptimizer(optimizer, frequency, schedulers, Optional.of(own));
    }

    /// {@return this optimizer, whose learning rate nothing changes}
    public PlannedOptimizer withoutSchedulers() {
        return new PlannedOptimizer(optimizer, frequency, List.of(), clip);
    }
}
