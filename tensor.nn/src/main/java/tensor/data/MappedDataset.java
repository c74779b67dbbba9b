package tensor.data;

import java.util.function.Function;

/// The samples of another data set, each changed when it is asked for.
record MappedDataset<T, U>(Dataset<T> whole, Function<? super T, ? extends U> change)
        implements Dataset<U> {
    @Override
    public int size() {
        return whole.size();
    }

    @Override
    public U get(int index) {
        return change.apply(whole.get(index));
    }
}
