package tensor.spi;

import tensor.layout.DType;

/// One step of a [Program]: it gives one value, made of values of steps before it, which it names by their numbers.
///
/// What a step takes has its own extent, or is [Extent#ONE].
public sealed interface Step {
    /// {@return the type of the numbers}
    DType dtype();

    /// {@return how many they are}
    Extent extent();

    /// An operand of the program.
    ///
    /// @param number which one, from 0
    /// @param dtype its type
    /// @param extent [Extent#ALL], or [Extent#ROW] for one whose last axis has size 1
    record Input(int number, DType dtype, Extent extent) implements Step {}

    /// A number that is the same in every run.
    ///
    /// @param bits the element's bits in its low bytes, see [DType#bits(double)]
    /// @param dtype its type
    record Constant(long bits, DType dtype) implements Step {
        @Override
        public Extent extent() {
            return Extent.ONE;
        }
    }

    /// [Backend#unary].
    ///
    /// @param op the operator
    /// @param x the input
    /// @param dtype the type of both
    /// @param extent that of the input
    record Map1(UnaryOp op, int x, DType dtype, Extent extent) implements Step {}

    /// [Backend#binary].
    ///
    /// @param op the operator
    /// @param a the first input
    /// @param b the second input
    /// @param dtype the type of the result: bool for comparisons
    /// @param extent the greater one of the inputs
    record Map2(BinaryOp op, int a, int b, DType dtype, Extent extent) implements Step {}

    /// [Backend#where].
    ///
    /// @param condition which of the two to take
    /// @param a the first input
    /// @param b the second input
    /// @param dtype that of `a` and `b`
    /// @param extent the greatest one of the inputs
    record Where(int condition, int a, int b, DType dtype, Extent extent) implements Step {}

    /// [Backend#cast], between numbers: neither is bool.
    ///
    /// @param x the input
    /// @param dtype the new type
    /// @param extent that of the input
    record Cast(int x, DType dtype, Extent extent) implements Step {}

    /// [Backend#reduce] of each row.
    ///
    /// @param op the operator
    /// @param x the input, of [Extent#ALL]
    /// @param dtype the type of both
    record Fold(ReduceOp op, int x, DType dtype) implements Step {
        @Override
        public Extent extent() {
            return Extent.ROW;
        }
    }

    /// The number of a row for each of its elements.
    ///
    /// @param x the input, of [Extent#ROW]
    /// @param dtype the type of both
    record Spread(int x, DType dtype) implements Step {
        @Override
        public Extent extent() {
            return Extent.ALL;
        }
    }

    /// {@return the numbers of the steps whose values this one takes}
    default int[] takes() {
        return switch (this) {
            case Input _, Constant _ -> new int[0];
            case Map1 map -> new int[] {map.x};
            case Map2 map -> new int[] {map.a, map.b};
            case Where where -> new int[] {where.condition, where.a, where.b};
            case Cast cast -> new int[] {cast.x};
            case Fold fold -> new int[] {fold.x};
            case Spread spread -> new int[] {spread.x};
        };
    }

    /// {@return this step where those that it takes have other numbers}
    ///
    /// @param numbers the new ones, at the places of the old ones
    default Step renumbered(int[] numbers) {
        return switch (this) {
            case Input _, Constant _ -> this;
            case Map1(UnaryOp op, int x, DType dtype, Extent extent) ->
                    new Map1(op, numbers[x], dtype, extent);
            case Map2(BinaryOp op, int a, int b, DType dtype, Extent extent) ->
                    new Map2(op, numbers[a], numbers[b], dtype, extent);
            case Where(int condition, int a, int b, DType dtype, Extent extent) ->
                    new Where(numbers[condition], numbers[a], numbers[b], dtype, extent);
            case Cast(int x, DType dtype, Extent extent) -> new Cast(numbers[x], dtype, extent);
            case Fold(ReduceOp op, int x, DType dtype) -> new Fold(op, numbers[x], dtype);
            case Spread(int x, DType dtype) -> new Spread(numbers[x], dtype);
        };
    }
}
