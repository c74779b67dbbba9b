package tensor.data;

import java.util.Objects;

/// Some samples of another data set, in an order of its own.
final class Subset<T> implements Dataset<T> {
    private final Dataset<T> whole;
    private final int[] indices;

    Subset(Dataset<T> whole, int[] indices) {
        for (int index : indices) {
            Objects.checkIndex(index, whole.size());
        }
        this.whole = whole;
        this.indices = indices.clone();
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public T get(int index) {
        return whole.get(indices[index]);
    }
}
