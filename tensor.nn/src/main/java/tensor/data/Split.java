package tensor.data;

import java.util.Arrays;

/// Two parts of a data set that have no sample in common: one to learn from, one held back.
///
/// Immutable; both parts list their indices in ascending order.
public final class Split {
    private final int[] train;
    private final int[] held;

    Split(int[] train, int[] held) {
        this.train = train;
        this.held = held;
    }

    /// {@return the indices of the part to learn from}
    public int[] train() {
        return train.clone();
    }

    /// {@return the indices of the part that is held back, for validation or test}
    public int[] held() {
        return held.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Split that
                && Arrays.equals(train, that.train)
                && Arrays.equals(held, that.held);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(train) + Arrays.hashCode(held);
    }

    @Override
    public String toString() {
        return "Split into " + train.length + " and " + held.length;
    }
}
