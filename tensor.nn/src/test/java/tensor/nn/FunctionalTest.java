package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Axes;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

class FunctionalTest {
    private static final Tensor LOGITS =
            Tensor.of(new float[] {1, 3, 2, 0, 0, 5, 4, 1, 1}, Shape.of(3, 3));

    @Test
    void accuracyIsTheShareOfRightClasses() {
        assertEquals(2 / 3f, Functional.accuracy(LOGITS, Tensor.of(1L, 2L, 1L)).item());
    }

    @Test
    void softmaxOfHugeNumbersDoesNotOverflow() {
        Tensor x = Tensor.of(1000f, 1000f, -1000f);

        assertArrayEquals(new float[] {0.5f, 0.5f, 0}, Functional.softmax(x, 0).toFloats());
        assertEquals(1000 + Math.log(2), Functional.logSumExp(x, Axes.all()).item(), 1e-4);
        assertEquals(Double.NEGATIVE_INFINITY, nothing().item());
    }

    private static Tensor nothing() {
        return Functional.logSumExp(Tensor.zeros(Shape.of(0)), Axes.all());
    }

    @Test
    void aPaddedRowGetsNoGradient() {
        Parameter table = Parameter.of(Tensor.of(new double[] {1, 2, 3, 4}, Shape.of(2, 2)));

        Tensor rows = Functional.embedding(table.value(), Tensor.of(1L, 0L, 1L), 0);
        rows.sum().backward();

        assertArrayEquals(new double[] {3, 4, 1, 2, 3, 4}, rows.toDoubles());
        assertArrayEquals(new double[] {0, 0, 2, 2}, table.grad().orElseThrow().toDoubles());
        table.zeroGrad();
        Functional.embedding(table.value(), Tensor.of(1L, 0L), -1).sum().backward();
        assertArrayEquals(new double[] {1, 1, 0, 0}, table.grad().orElseThrow().toDoubles());
    }

    @Test
    void shapesThatDoNotFitAreErrors() {
        assertMessage(
                "accuracy: logits [3, 3] and targets [2]; they need [batch, classes] and [batch]",
                () -> Functional.accuracy(LOGITS, Tensor.of(0L, 1L)));
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(ShapeException.class, faulty).getMessage());
    }
}
