package tensor.nn;

import tensor.api.Tensor;

/// What is said of classes and rows that do not exist.
final class Classes {
    private Classes() {}

    /// {@return that one of these numbers is not from 0 to below `count`}
    ///
    /// @param what the operation and what a number stands for, first words of the message
    /// @param numbers int64, one of them outside
    /// @param kind what there are `count` of
    /// @param also what else may be done, last words of the message
    /// @param cause what went wrong when they were used
    static IndexOutOfBoundsException outside(
            String what,
            Tensor numbers,
            int count,
            String kind,
            String also,
            IndexOutOfBoundsException cause) {
        long least = numbers.min().itemLong();
        long outside = least < 0 ? least : numbers.max().itemLong();
        var error =
                new IndexOutOfBoundsException(
                        "%s %d of %s is none of the %d %s; use numbers from 0 to %d%s"
                                .formatted(
                                        what,
                                        outside,
                                        numbers.shape(),
                                        count,
                                        kind,
                                        count - 1,
                                        also));
        error.initCause(cause);
        return error;
    }
}
