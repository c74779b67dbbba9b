package tensor.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Contraction;
import tensor.spi.ReduceOp;

/// Cases of the primitives that fold many elements into one: reductions, products of matrices and contractions.
final class SumCases {
    private SumCases() {}

    static List<OpCase> reduce(DType dtype, ReduceOp op) {
        List<OpCase> cases = new ArrayList<>();
        List<Shape> shapes = new ArrayList<>(Sizes.AROUND_LANES);
        shapes.addAll(
                List.of(Shape.of(1031, 3), Shape.of(3, 1031), Shape.of(3, 0), Shape.of(17, 2, 16)));
        for (Shape shape : shapes) {
            for (Arrangement arrangement : Arrangement.values()) {
                everySetOfAxes(op, Given.of(Values.ORDINARY, dtype, shape, arrangement, 1), cases);
            }
        }
        Shape manyParts = Shape.of(70_001);
        everySetOfAxes(
                op, Given.of(Values.ORDINARY, dtype, manyParts, Arrangement.SLICED, 2), cases);
        // where a special value stands among others, it decides its row
        Shape rows = Shape.of(40, 20);
        everySetOfAxes(
                op, Given.of(Values.SUMMANDS, dtype, rows, Arrangement.TRANSPOSED, 3), cases);
        Shape pairs = Shape.of(40, 2);
        everySetOfAxes(
                op, Given.of(Values.SUMMANDS, dtype, pairs, Arrangement.CONTIGUOUS, 4), cases);
        return cases;
    }

    private static void everySetOfAxes(ReduceOp op, Given x, List<OpCase> cases) {
        Shape shape = x.layout().shape();
        for (int set = 1; set < 1 << shape.rank(); set++) {
            int[] axes = new int[Integer.bitCount(set)];
            Shape folded = shape;
            long count = 1;
            int next = 0;
            for (int axis = 0; axis < shape.rank(); axis++) {
                if ((set & 1 << axis) != 0) {
                    axes[next++] = axis;
                    folded = folded.with(axis, 1);
                    count *= shape.size(axis);
                }
            }
            if (op == ReduceOp.MAX && count == 0) {
                continue; // never asked
            }
            OpCase one =
                    OpCase.of(op + " over " + Arrays.toString(axes), folded, x.dtype(), x)
                            .within(Tolerance.of(op))
                            .by((backend, in, out) -> backend.reduce(op, in.getFirst(), axes, out));
            cases.add(op == ReduceOp.SUM ? one.judgedAsSum() : one);
        }
    }

    /// @param size rows of the left, inner size, columns of the right
    static List<OpCase> matMul(DType dtype, int[] size) {
        Shape a = Shape.of(size[0], size[1]);
        Shape b = Shape.of(size[1], size[2]);
        List<OpCase> cases = new ArrayList<>();
        for (Arrangement arrangement : Arrangement.values()) {
            Given left = Given.of(Values.ORDINARY, dtype, a, arrangement, 5);
            Given right = Given.of(Values.ORDINARY, dtype, b, arrangement, 6);
            cases.add(matMul(left, right));
            cases.add(matMul(left, Given.of(Values.ORDINARY, dtype, b, Arrangement.CONTIGUOUS, 7)));
            cases.add(
                    matMul(Given.of(Values.ORDINARY, dtype, a, Arrangement.TRANSPOSED, 8), right));
        }
        Given special = Given.of(Values.SUMMANDS, dtype, a, Arrangement.CONTIGUOUS, 9);
        cases.add(matMul(special, Given.of(Values.SUMMANDS, dtype, b, Arrangement.CONTIGUOUS, 10)));
        Shape stackA = Shape.of(2, 3, size[0], size[1]);
        Shape stackB = Shape.of(2, 3, size[1], size[2]);
        for (Arrangement arrangement : Arrangement.values()) {
            Given left = Given.of(Values.ORDINARY, dtype, stackA, arrangement, 11);
            cases.add(
                    matMul(
                            left,
                            Given.of(
                                    Values.ORDINARY,
                                    dtype,
                                    stackB,
                                    Arrangement.EXPANDED_FIRST,
                                    12)));
        }
        return cases;
    }

    /// @param equation the letters of the axes; each letter has its own size
    static List<OpCase> contract(DType dtype, String equation) {
        String[] terms = equation.split(",|->", -1);
        List<OpCase> cases = new ArrayList<>();
        for (Arrangement arrangement : Arrangement.values()) {
            Given left = Given.of(Values.ORDINARY, dtype, shape(terms[0]), arrangement, 13);
            Arrangement other = arrangement.later(3);
            Given right = Given.of(Values.ORDINARY, dtype, shape(terms[1]), other, 14);
            cases.add(contract(equation, left, right));
        }
        if (terms[0].length() == 3 && terms[2].length() == 3) { // its last axis as windows
            Shape shape = shape(terms[0]);
            Layout overlapping =
                    Layout.contiguous(shape.without(2).with(1, shape.size(1) + shape.size(2) - 1))
                            .windows(1, shape.size(2), 1, 1);
            Given left =
                    new Given(
                            dtype,
                            Values.ORDINARY.make(dtype, Arrangement.storageSize(overlapping), 15),
                            overlapping);
            Given right =
                    Given.of(Values.ORDINARY, dtype, shape(terms[1]), Arrangement.CONTIGUOUS, 16);
            cases.add(contract(equation, left, right));
        }
        return cases;
    }

    private static OpCase contract(String equation, Given a, Given b) {
        String[] terms = equation.split(",|->", -1);
        var by = new Contraction(names(terms[0]), names(terms[1]), names(terms[2]));
        return OpCase.of("contract " + equation, shape(terms[2]), a.dtype(), a, b)
                .within(Tolerance.MAT_MUL)
                .judgedAsSum()
                .by((backend, in, out) -> backend.contract(by, in.get(0), in.get(1), out));
    }

    private static List<Integer> names(String letters) {
        return letters.chars().boxed().toList();
    }

    private static Shape shape(String letters) {
        return Shape.of(letters.chars().map(SumCases::size).toArray());
    }

    private static int size(int letter) {
        return switch (letter) {
            case 'z' -> 0;
            case 'a' -> 2;
            case 'b' -> 3;
            case 'c' -> 5;
            case 'l' -> 7;
            case 'i' -> 13;
            case 'k' -> 19;
            default -> 33;
        };
    }

    private static OpCase matMul(Given a, Given b) {
        Shape product = a.layout().shape().with(-1, b.layout().shape().size(-1));
        return OpCase.of("matMul", product, a.dtype(), a, b)
                .within(Tolerance.MAT_MUL)
                .judgedAsSum()
                .by((backend, in, out) -> backend.matMul(in.get(0), in.get(1), out));
    }
}
