package tensor.api;

import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.Contraction;
import tensor.spi.PositionOp;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.UnaryOp;

/// What was done to make a tensor: one record per primitive, with everything but the inputs.
///
/// [Dispatch] computes each, [Derivatives] has the row of each; both are exhaustive switches, so a
/// new primitive does not compile before it has both.
sealed interface Op {

    /// Element by element, one input.
    record Map1(UnaryOp f) implements Op {}

    /// Element by element, two inputs of equal shape: broadcasting is an [Expand] before.
    record Map2(BinaryOp f) implements Op {}

    /// `condition ? a : b`, all of equal shape.
    record Where() implements Op {}

    /// Folds axes to size 1.
    ///
    /// @param axes ascending, counted from the start
    record Reduce(ReduceOp f, Axes axes) implements Op {}

    /// Sums of all elements up to each along an axis.
    record CumSum(int axis) implements Op {}

    /// Positions along an axis, which has size 1 then.
    record Position(PositionOp f, int axis) implements Op {}

    /// The positions along an axis in the order of their elements.
    record ArgSort(SortOrder order, int axis) implements Op {}

    /// Product of matrices with equal leading axes.
    record MatMul() implements Op {}

    /// Sum of products over the axes of two inputs, by their names.
    record Contract(Contraction by) implements Op {}

    /// Picks elements of `x` along an axis; inputs `x`, `index`.
    record Gather(int axis) implements Op {}

    /// `x` plus elements of `source` at positions along an axis; inputs `x`, `index`, `source`.
    record ScatterAdd(int axis) implements Op {}

    /// Another dtype.
    record Cast(DType to) implements Op {}

    /// The same elements in new, dense memory.
    record Copy() implements Op {}

    /// The same elements on another device.
    record Transfer(Device to) implements Op {}

    /// View: the same elements in the same order under another shape.
    record Reshape(Shape to) implements Op {}

    /// View: axis `i` is the input's axis `axes[i]`.
    record Permute(Axes axes) implements Op {}

    /// View: axes of size 1 and new leading axes repeated.
    record Expand(Shape to) implements Op {}

    /// View: elements `start`, `start + step`, … along an axis, up to but without `end`.
    record Slice(int axis, long start, long end, long step) implements Op {}

    /// View: windows along an axis, and a new last axis through each; an element may lie in several.
    record Windows(int axis, int size, int step, int dilation) implements Op {}

    /// The inverse of a slice: a tensor of shape `to` full of `value`, with the input at `start`,
    /// `start + step`, … FILL, then COPY into a slice.
    record Pad(Shape to, int axis, long start, long step, double value) implements Op {}

    /// The inputs one after another along an axis: COPY into slices.
    record Concat(int axis) implements Op {}

    /// One of our composites with a derivative of its own, which keeps no tensor.
    ///
    /// @param name what it is called in messages
    record Ours(String name, Vjp vjp) implements Op {}

    /// A result of several operations computed at once, which has the derivative of these.
    ///
    /// @param fusion what they are
    /// @param result which of its results, from 0
    record Fused(Fusion fusion, int result) implements Op {}

    /// What is computed as a whole, forwards and backwards.
    ///
    /// @param by its definition, and how it is computed
    /// @param forward what it gave, and remembers
    record Whole(Composite by, Composite.Forward forward) implements Op {}

    /// Anything with a derivative of its own: the one open door.
    ///
    /// @param name what it is called in messages
    record Custom(String name, Vjp vjp) implements Op {}

    /// {@return whether the result shares the elements of the input}
    default boolean isView() {
        return this instanceof Reshape
                || this instanceof Permute
                || this instanceof Expand
                || this instanceof Slice
                || this instanceof Windows;
    }

    /// {@return the name of this operation in messages: that of the method of [Tensor]}
    default String label() {
        return switch (this) {
            case Map1(UnaryOp f) -> Labels.of(f);
            case Map2(BinaryOp f) -> Labels.of(f);
            case Where() -> "where";
            case Reduce(ReduceOp f, _) -> Labels.of(f);
            case CumSum(_) -> "cumSum";
            case Position(PositionOp f, _) -> Labels.of(f);
            case ArgSort(_, _) -> "sort";
            case MatMul() -> "matMul";
            case Contract(_) -> "einsum";
            case Gather(_) -> "gather";
            case ScatterAdd(_) -> "scatterAdd";
            case Cast(_) -> "cast";
            case Copy() -> "copy";
            case Transfer(_) -> "to";
            case Reshape(_) -> "reshape";
            case Permute(_) -> "permute";
            case Expand(_) -> "expand";
            case Slice(_, _, _, _) -> "slice";
            case Windows(_, _, _, _) -> "windows";
            case Pad(_, _, _, _, _) -> "pad";
            case Concat(_) -> "concat";
            case Ours(String name, _) -> name;
            case Fused(Fusion fusion, _) -> fusion.name();
            case Whole(Composite by, _) -> by.name();
            case Custom(String name, _) -> name;
        };
    }
}
