package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

@ExtendWith(OnReference.class)
class EinsumTest {
    @Test
    void productsSumsAndDiagonalsAreWhatTheLettersSay() {
        Tensor a = numbers(2, 3);
        Tensor b = numbers(3, 2);
        Tensor square = numbers(3, 3);

        assertSame(a.matMul(b), "ij,jk->ik", a, b);
        assertSame(a.matMul(b).t(), "ij,jk->ki", a, b);
        assertSame(a.mul(b.t()).sum(), "ij,ji->", a, b);
        assertSame(a.sum(0), "ij->j", a);
        assertSame(square.diagonal(0, 1), "ii->i", square);
        assertSame(square.diagonal(0, 1).sum(), "ii", square);
        assertSame(a.t(), "ji", a);
        assertSame(a.unsqueeze(2).mul(numbers(4)), "ij, k -> ijk", a, numbers(4));
    }

    @Test
    void severalTensorsAreMultipliedFromLeftToRight() {
        Tensor x = numbers(2, 3);
        Tensor w = numbers(3, 4);
        Tensor y = numbers(2, 4);

        assertSame(x.matMul(w).mul(y).sum(1), "bi,ij,bj->b", x, w, y);
    }

    @Test
    void dotsStandForLeadingAxesWhichBroadcast() {
        Tensor a = numbers(2, 1, 2, 3);
        Tensor b = numbers(4, 3, 2);

        assertSame(a.matMul(b), "...ij,...jk->...ik", a, b);
        assertSame(a.matMul(b), "...ij,...jk", a, b);
    }

    @Test
    void axesOfSizeOneAreRepeated() {
        Tensor a = numbers(2, 1);
        Tensor b = numbers(3, 2);

        assertSame(a.mul(b.sum(0).unsqueeze(1)).squeeze(1), "ij,ji->i", a, b);
    }

    @Test
    void anEquationThatDoesNotFitIsAnError() {
        Tensor a = numbers(2, 3);

        assertMessage(
                "einsum: axis 'j' is 3 and 2 in 'ij,jk->ik'",
                () -> Tensor.einsum("ij,jk->ik", a, a));
        assertMessage(
                "einsum: 'ij,jk': it has 2 terms for 1 tensors", () -> Tensor.einsum("ij,jk", a));
        assertMessage(
                "einsum: 'ijk': 'ijk' names 3 axes of a tensor that has 2",
                () -> Tensor.einsum("ijk", a));
        assertMessage("einsum: 'i1': '1' in 'i1' is no letter", () -> Tensor.einsum("i1", a));
        assertMessage(
                "einsum: 'ij->k': no tensor has the axis 'k' of the result",
                () -> Tensor.einsum("ij->k", a));
        assertMessage(
                "einsum: 'ij->ii': the result has the axis 'i' twice",
                () -> Tensor.einsum("ij->ii", a));
        assertMessage(
                "einsum: float64 and float32 do not mix; cast one of them",
                () -> Tensor.einsum("ij,ij->", a, a.cast(DType.FLOAT32)));
    }

    private static Tensor numbers(int... sizes) {
        Shape shape = Shape.of(sizes);
        return Tensor.arange((int) shape.elementCount())
                .cast(DType.FLOAT64)
                .mul(0.5)
                .add(1)
                .reshape(shape);
    }

    private static void assertSame(Tensor expected, String equation, Tensor... operands) {
        Tensor actual = Tensor.einsum(equation, operands);
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 1e-12);
    }

    private static void assertMessage(String expected, Runnable faulty) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, faulty::run).getMessage());
    }
}
