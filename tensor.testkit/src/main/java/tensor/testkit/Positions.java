package tensor.testkit;

import java.util.List;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Where gather and scatterAdd go: a shape, an axis, and indices that repeat, skip and are shorter
/// than the shape.
///
/// @param shape of what is picked from or added to
/// @param axis along which
/// @param indices int64 positions
record Positions(Shape shape, int axis, List<Given> indices) {

    static final List<Positions> CASES =
            List.of(
                    new Positions(Shape.of(5), 0, List.of(row(5, 0), row(5, 17))),
                    new Positions(Shape.of(1), 0, List.of(row(1, 3))),
                    new Positions(
                            Shape.of(4, 3),
                            0,
                            List.of(block(4, 2, 3), block(4, 7, 3), block(4, 5, 2))),
                    new Positions(
                            Shape.of(4, 3),
                            1,
                            List.of(block(3, 4, 5), block(3, 2, 1), rows(3, 4, 9))),
                    new Positions(
                            Shape.of(4, 17), 0, List.of(columns(4, 6, 17), columns(4, 1, 17))),
                    new Positions(
                            Shape.of(2, 3, 4), 1, List.of(cube(3, 2, 5, 4), cube(3, 1, 2, 3))));

    private static Given row(int below, int count) {
        return Given.index(Shape.of(count), numbers(below, count));
    }

    private static Given block(int below, int rows, int columns) {
        return Given.index(Shape.of(rows, columns), numbers(below, rows * columns));
    }

    /// The same positions in each row: a repeated axis, as selecting whole columns has it.
    private static Given rows(int below, int rows, int columns) {
        Given one = block(below, 1, columns);
        return new Given(DType.INT64, one.host(), one.layout().expand(Shape.of(rows, columns)));
    }

    /// The same position in a whole row, as selecting whole rows has it.
    private static Given columns(int below, int rows, int columns) {
        Given one = block(below, rows, 1);
        return new Given(DType.INT64, one.host(), one.layout().expand(Shape.of(rows, columns)));
    }

    private static Given cube(int below, int a, int b, int c) {
        return Given.index(Shape.of(a, b, c), numbers(below, a * b * c));
    }

    private static long[] numbers(int below, int count) {
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i * 7L % 11 % below;
        }
        return numbers;
    }
}
