package tensor.api;

/// Which elements a tensor is padded with, beyond its ends along an axis.
public enum PadMode {
    /// Those mirrored at the element at the end, which is not repeated: `c b | a b c | b a`. Up to one less than
    /// there are.
    REFLECT,
    /// That at the end, again and again: `a a | a b c | c c`.
    REPLICATE,
    /// Those from the other end: `b c | a b c | a b`. Up to as many as there are.
    CIRCULAR;

    /// {@return the position within an axis that stands for one beyond its ends}
    ///
    /// @param position counted from the start of the axis, may be below 0
    /// @param size of the axis
    int within(int position, int size) {
        return switch (this) {
            case REFLECT ->
                    position < 0
                            ? -position
                            : position < size ? position : 2 * (size - 1) - position;
            case REPLICATE -> Math.clamp(position, 0, size - 1);
            case CIRCULAR -> Math.floorMod(position, size);
        };
    }

    /// {@return how many elements may stand beyond an end of an axis}
    int most(int size) {
        return switch (this) {
            case REFLECT -> Math.max(0, size - 1);
            case REPLICATE -> size == 0 ? 0 : Integer.MAX_VALUE;
            case CIRCULAR -> size;
        };
    }
}
