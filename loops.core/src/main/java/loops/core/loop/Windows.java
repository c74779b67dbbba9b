package loops.core.loop;

import java.util.List;
import loops.api.Cell;
import loops.core.training.TrainingOptimizer;
import tensor.api.Parameter;

/// The accumulation windows, one for each optimizer: of how many samples its gradients are the sum, once one is open.
final class Windows {
    private static final int CLOSED = -1;

    private final PerOptimizer<Integer> samples;

    /// @param cell holds the samples
    Windows(Cell<List<Integer>> cell) {
        samples = new PerOptimizer<>(cell, CLOSED);
    }

    /// {@return whether the window of an optimizer is open} If not, the gradients that are there have been used.
    ///
    /// @param optimizer its place in the plan, from 0
    boolean open(int optimizer) {
        return samples.get(optimizer) != CLOSED;
    }

    /// {@return the place of the first optimizer whose window is open; -1 if none is}
    ///
    /// @param count how many optimizers there are
    int firstOpen(int count) {
        int optimizer = 0;
        while (optimizer < count && !open(optimizer)) {
            optimizer++;
        }
        return optimizer < count ? optimizer : -1;
    }

    /// {@return the samples in the window of an optimizer; 0 if it is closed}
    ///
    /// @param optimizer its place in the plan, from 0
    int samples(int optimizer) {
        return Math.max(0, samples.get(optimizer));
    }

    /// Leaves a window open.
    ///
    /// @param optimizer its place in the plan, from 0
    /// @param count the samples in it
    void hold(int optimizer, int count) {
        samples.set(optimizer, count);
    }

    /// Ends a window.
    ///
    /// @param optimizer its place in the plan, from 0
    void close(int optimizer) {
        samples.set(optimizer, CLOSED);
    }

    /// Drops what any window holds.
    void clear() {
        samples.clear();
    }

    /// Makes means of the sums that a window has gathered.
    ///
    /// @param optimizer whose gradients they are
    /// @param count the samples
    static void divide(TrainingOptimizer optimizer, int count) {
        for (Parameter parameter : optimizer.parameters()) {
            parameter.mapGrad(sum -> sum.div(count));
        }
    }
}
