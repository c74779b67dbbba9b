package loops.core.training;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How many batches make one optimizer step, epoch by epoch. Where optimizers take turns, those batches are counted that are
/// a turn of the optimizer.
///
/// @param factors the factor from an epoch on, by epoch; there is one for epoch 0
public record Accumulation(SortedMap<Integer, Integer> factors) {
    /// Checks and copies the factors; without one for epoch 0 it is 1.
    public Accumulation {
        var copy = new TreeMap<>(factors);
        copy.putIfAbsent(0, 1);
        copy.forEach((epoch, factor) -> {
            if (epoch < 0) {
                throw new IllegalArgumentException(
                        "Accumulation: epoch is %d; use a number from 0".formatted(epoch));
            }
            if (factor < 1) {
                throw new IllegalArgumentException(
                        "Accumulation: the factor from epoch %d on is %d; use a number from 1"
                                .formatted(epoch, factor));
            }
        });
        factors = Collections.unmodifiableSortedMap(copy);
    }

    /// {@return the same factor in every epoch}
    ///
    /// @param batches how many batches make one step, from 1
    public static Accumulation of(int batches) {
        return new Accumulation(new TreeMap<>(Map.of(0, batches)));
    }

    /// {@return factors that change}
    ///
    /// @param factors the factor from an epoch on, by epoch
    public static Accumulation schedule(Map<Integer, Integer> factors) {
        return new Accumulation(new TreeMap<>(factors));
    }

    /// {@return how many batches make one step}
    ///
    /// @param epoch the epoch, from 0
    public int factor(int epoch) {
        return factors.getOrDefault(factors.headMap(epoch + 1).lastKey(), 1);
    }

    /// {@return whether the factor is the same in every epoch}
    public boolean constant() {
        return factors.size() == 1;
    }
}
