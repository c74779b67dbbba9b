package loops.core.training;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import tensor.api.Tensor;
import tensor.data.Batch;

/// How batches of sequences are split along time: truncated back-propagation.
///
/// ```java
/// SequenceSplit.every(64).along("input", 1).along("target", 1)
/// ```
///
/// Named tensors are split along their time axis, all others go to every part as they are. The last part may be
/// shorter. Williams, Peng: An efficient gradient-based algorithm for on-line training of recurrent network
/// trajectories, 1990.
public final class SequenceSplit {
    private final int steps;
    private final SequencedMap<String, Integer> axes;

    private SequenceSplit(int steps, SequencedMap<String, Integer> axes) {
        this.steps = steps;
        this.axes = axes;
    }

    /// {@return a split into parts of so many time steps, of no tensor yet}
    ///
    /// @param steps from 1
    /// @throws IllegalArgumentException if `steps` is less
    public static SequenceSplit every(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "SequenceSplit: steps is %d; use a number from 1".formatted(steps));
        }
        return new SequenceSplit(steps, new LinkedHashMap<>());
    }

    /// {@return this split, of one more tensor}
    ///
    /// @param name its name in the batch
    /// @param axis its time axis, from 0
    /// @throws IllegalArgumentException if `axis` is less
    public SequenceSplit along(String name, int axis) {
        if (axis < 0) {
            throw new IllegalArgumentException(
                    "SequenceSplit: the axis of '%s' is %d; use a number from 0"
                            .formatted(name, axis));
        }
        var more = new LinkedHashMap<>(axes);
        more.put(name, axis);
        return new SequenceSplit(steps, more);
    }

    /// {@return how many parts a batch has}
    ///
    /// @param batch the batch
    /// @throws IllegalArgumentException if a named tensor is missing, or two have different lengths
    public int parts(Batch batch) {
        int length = length(batch);
        return (length + steps - 1) / steps;
    }

    private int length(Batch batch) {
        int length = -1;
        String first = "";
        for (String name : axes.keySet()) {
            int axis = axes.get(name);
            Tensor tensor = batch.get(name);
            if (axis >= tensor.rank()) {
                throw new IllegalArgumentException(
                        "SequenceSplit: '%s' has shape %s and no axis %d; name its time axis"
                                .formatted(name, tensor.shape(), axis));
            }
            int own = tensor.size(axis);
            if (length >= 0 && own != length) {
                throw new IllegalArgumentException(
                        "SequenceSplit: '%s' has %d time steps and '%s' has %d; split tensors of one length"
                                .formatted(first, length, name, own));
            }
            if (length < 0) {
                length = own;
                first = name;
            }
        }
        if (length < 0) {
            throw new IllegalArgumentException(
                    "SequenceSplit: no tensor is named; say along(name, axis) for those that are split");
        }
        return length;
    }

    /// {@return one part of a batch}
    ///
    /// @param batch the batch
    /// @param index the part, from 0
    public Batch part(Batch batch, int index) {
        int from = index * steps;
        int to = Math.min(from + steps, length(batch));
        var tensors = new LinkedHashMap<>(batch.tensors());
        axes.forEach((name, axis) -> tensors.put(name, batch.get(name).slice(axis, from, to)));
        return Batch.of(tensors);
    }
}
