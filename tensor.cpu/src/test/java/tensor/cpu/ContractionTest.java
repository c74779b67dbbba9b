package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Contraction;
import tensor.spi.Operand;

/// Contractions of windows, read where they lie, bit for bit against products of matrices that were copied.
class ContractionTest {
    private static final CpuBackend BACKEND = new CpuBackend(2, true);

    private final SplittableRandom random = new SplittableRandom(5);

    /// Images `[2, channels, high, wide]` under kernels of 3 × `kernel`.
    @ParameterizedTest
    @CsvSource({
        "1, 5, 5, 3, 1, 1",
        "3, 9, 16, 3, 4, 1",
        "3, 9, 17, 3, 13, 1",
        "4, 8, 30, 3, 12, 1",
        "5, 12, 37, 2, 33, 1",
        "5, 12, 37, 3, 7, 2",
        "30, 7, 18, 3, 70, 1",
        "2, 6, 9, 1, 2, 3"
    })
    void aConvolutionHasTheBitsOfTheProductOfItsCopiedWindows(
            int channels, int high, int wide, int kernel, int out, int step) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Operand image = given(dtype, Shape.of(2, channels, high, wide));
            Layout view = image.layout().windows(2, 3, step, 1).windows(3, kernel, step, 1);
            Operand windows =
                    Memory.view(image, view); // [batch, channels, down, across, 3, kernel]
            int down = view.shape().size(2);
            int across = view.shape().size(3);
            int inner = channels * 3 * kernel;
            Operand weight = given(dtype, Shape.of(out, channels, 3, kernel));

            Operand y = Memory.empty(BACKEND, dtype, Shape.of(2, out, down, across));
            BACKEND.contract(
                    by(List.of(0, 1, 2, 3), List.of(4, 1, 5, 6, 2, 3), List.of(4, 0, 5, 6)),
                    weight,
                    windows,
                    y);
            Operand g = given(dtype, y.shape());
            Operand byWeight = Memory.empty(BACKEND, dtype, weight.shape());
            BACKEND.contract(
                    by(List.of(4, 0, 5, 6), List.of(4, 1, 5, 6, 2, 3), List.of(0, 1, 2, 3)),
                    g,
                    windows,
                    byWeight);

            Operand columns =
                    Memory.view(
                            copy(Memory.view(windows, view.permute(1, 4, 5, 0, 2, 3))),
                            Layout.contiguous(Shape.of(inner, 2 * down * across)));
            Operand rows = Memory.view(weight, Layout.contiguous(Shape.of(out, inner)));
            Operand product = Memory.empty(BACKEND, dtype, Shape.of(out, 2 * down * across));
            BACKEND.matMul(rows, columns, product);
            Layout ordered = Layout.contiguous(Shape.of(out, 2, down, across)).permute(1, 0, 2, 3);
            same(copy(Memory.view(product, ordered)), y);

            Operand left =
                    Memory.view(
                            copy(Memory.view(g, g.layout().permute(1, 0, 2, 3))),
                            Layout.contiguous(Shape.of(out, 2 * down * across)));
            Operand right = Memory.view(columns, columns.layout().permute(1, 0));
            Operand sums = Memory.empty(BACKEND, dtype, Shape.of(out, inner));
            BACKEND.matMul(left, right, sums);
            same(Memory.view(sums, Layout.contiguous(weight.shape())), byWeight);
        }
    }

    /// Here a vector of columns would begin before the first element of all.
    @Test
    void runsThatOverlapAtTheStartAreRead() {
        Operand x = given(DType.FLOAT32, Shape.of(19, 12));
        Operand windows = Memory.view(x, x.layout().windows(1, 3, 1, 1));
        Operand left = given(DType.FLOAT32, Shape.of(70, 19));
        Operand y = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(70, 10, 3));
        Operand product = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(70, 30));

        BACKEND.contract(by(List.of(0, 1), List.of(1, 2, 3), List.of(0, 2, 3)), left, windows, y);
        BACKEND.matMul(
                left, Memory.view(copy(windows), Layout.contiguous(Shape.of(19, 30))), product);

        same(Memory.view(product, y.layout()), y);
    }

    /// As the gradient of a convolution's input has it: a kernel turned around, of which nothing lies side by side.
    @Test
    void aMatrixWithoutNeighboursIsRead() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Operand weight = given(dtype, Shape.of(40, 21, 3, 3));
            Layout back = weight.layout().slice(2, 2, -1, -1).slice(3, 2, -1, -1);
            Operand turned = Memory.view(weight, back.permute(1, 0, 2, 3));
            Operand g = given(dtype, Shape.of(40, 3, 3, 50));
            Operand y = Memory.empty(BACKEND, dtype, Shape.of(21, 50));
            Operand product = Memory.empty(BACKEND, dtype, Shape.of(21, 50));

            BACKEND.contract(
                    by(List.of(0, 1, 2, 3), List.of(1, 2, 3, 4), List.of(0, 4)), turned, g, y);
            BACKEND.matMul(
                    Memory.view(copy(turned), Layout.contiguous(Shape.of(21, 360))),
                    Memory.view(g, Layout.contiguous(Shape.of(360, 50))),
                    product);

            same(product, y);
        }
    }

    /// As recurrent networks have it: blocks of columns that do not lie side by side, and a gradient of a weight of more rows than
    /// columns, whose panels of rows may end within such a block.
    @ParameterizedTest
    @CsvSource({
        "4, 32, 20, 5",
        "4, 64, 300, 16",
        "3, 20, 70, 7",
        "2, 96, 530, 40",
        "5, 33, 9, 12",
        "2, 8, 40, 300"
    })
    void blocksOfColumnsAreReadWhereTheyLie(int blocks, int wide, int places, int inputs) {
        int all = blocks * wide;
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            Operand g = given(dtype, Shape.of(blocks, places, wide));
            Operand x = given(dtype, Shape.of(places, inputs));
            Operand side = copy(Memory.view(g, g.layout().permute(1, 0, 2)));
            Operand columns = Memory.view(side, Layout.contiguous(Shape.of(places, all)));
            Operand rows = Memory.view(columns, columns.layout().permute(1, 0));

            Operand ofWeight = Memory.empty(BACKEND, dtype, Shape.of(blocks, wide, inputs));
            BACKEND.contract(by(List.of(0, 1, 2), List.of(1, 3), List.of(0, 2, 3)), g, x, ofWeight);
            Operand product = Memory.empty(BACKEND, dtype, Shape.of(all, inputs));
            BACKEND.matMul(copy(rows), x, product);
            same(Memory.view(product, ofWeight.layout()), ofWeight);

            Operand across = Memory.empty(BACKEND, dtype, Shape.of(inputs, blocks, wide));
            BACKEND.contract(by(List.of(1, 3), List.of(0, 1, 2), List.of(3, 0, 2)), x, g, across);
            Operand turned = copy(Memory.view(product, product.layout().permute(1, 0)));
            same(Memory.view(turned, across.layout()), across);

            Operand weight = given(dtype, Shape.of(blocks, wide, inputs));
            Operand back = Memory.empty(BACKEND, dtype, Shape.of(places, inputs));
            BACKEND.contract(
                    by(List.of(0, 1, 2), List.of(0, 2, 3), List.of(1, 3)), g, weight, back);
            Operand sums = Memory.empty(BACKEND, dtype, Shape.of(places, inputs));
            BACKEND.matMul(
                    columns, Memory.view(weight, Layout.contiguous(Shape.of(all, inputs))), sums);
            same(sums, back);
        }
    }

    private static Contraction by(List<Integer> left, List<Integer> right, List<Integer> out) {
        return new Contraction(left, right, out);
    }

    private static void same(Operand expected, Operand actual) {
        assertEquals(expected.shape(), actual.shape());
        if (actual.dtype() == DType.FLOAT32) {
            assertArrayEquals(Memory.floats(BACKEND, expected), Memory.floats(BACKEND, actual));
        } else {
            assertArrayEquals(Memory.doubles(BACKEND, expected), Memory.doubles(BACKEND, actual));
        }
    }

    private static Operand copy(Operand x) {
        Operand copy = Memory.empty(BACKEND, x.dtype(), x.shape());
        BACKEND.copy(x, copy);
        return copy;
    }

    private Operand given(DType dtype, Shape shape) {
        double[] values = random.doubles(shape.elementCount(), -1, 1).toArray();
        Operand doubles = Memory.of(BACKEND, shape, values);
        if (dtype == DType.FLOAT64) {
            return doubles;
        }
        Operand floats = Memory.empty(BACKEND, dtype, shape);
        BACKEND.cast(doubles, floats);
        return floats;
    }
}
