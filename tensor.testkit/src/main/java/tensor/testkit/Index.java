package tensor.testkit;

import tensor.layout.Shape;

/// Walks through the indices of a shape in row-major order: before the first element at first, then
/// [#next].
final class Index {
    private final Shape shape;
    private final int[] numbers;
    private long left;
    private boolean begun;

    Index(Shape shape) {
        this.shape = shape;
        this.numbers = new int[shape.rank()];
        this.left = shape.elementCount();
    }

    /// {@return whether there is another element} Moves to it.
    boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        if (!begun) {
            begun = true;
            return true;
        }
        int axis = numbers.length - 1;
        while (++numbers[axis] == shape.size(axis)) {
            numbers[axis--] = 0;
        }
        return true;
    }

    /// {@return one number of the index}
    int get(int axis) {
        return numbers[axis];
    }

    /// {@return a copy of the index}
    int[] numbers() {
        return numbers.clone();
    }
}
