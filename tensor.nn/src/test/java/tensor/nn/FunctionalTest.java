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
        assertEquals(1000, Functional.softplus(x).toFloats()[0]);
        assertEquals(0, Functional.softplus(x).toFloats()[2]);
    }

    @Test
    void softplusHasTheRightDerivativesAtZero() {
        Parameter x = Parameter.of(Tensor.of(0.0));

        Functional.softplus(x.value()).sum().backward();

        assertEquals(0.5, x.grad().orElseThrow().item());
    }

    @Test
    void anIgnoredSampleMayHaveAnImpossibleTarget() {
        Tensor logits = Tensor.of(new float[] {Float.NEGATIVE_INFINITY, 0, 0, 0}, Shape.of(2, 2));

        Tensor loss =
                Functional.crossEntropy(logits, Tensor.of(0L, 1L), config -> config.ignore(0));

        assertEquals(Math.log(2), loss.item(), 1e-6);
    }

    @Test
    void aClassThatDoesNotExistIsAnError() {
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Functional.crossEntropy(LOGITS, Tensor.of(0L, 3L, 0L)));
    }

    @Test
    void shapesThatDoNotFitAreErrors() {
        assertMessage(
                "crossEntropy: logits [3, 3] and targets [2] do not fit; targets need shape [3]",
                () -> Functional.crossEntropy(LOGITS, Tensor.of(0L, 1L)));
        assertMessage(
                "crossEntropy: logits [3, 3] and targets [2] do not fit; targets need shape [3, 3]",
                () -> Functional.crossEntropy(LOGITS, Tensor.of(0f, 1f)));
        assertMessage(
                "crossEntropy: logits are a scalar; they need an axis of classes",
                () -> Functional.crossEntropy(Tensor.scalar(1f), Tensor.scalar(0L)));
        assertMessage(
                "crossEntropy: weights have shape [2], there are 3 classes",
                () ->
                        Functional.crossEntropy(
                                LOGITS,
                                Tensor.of(0L, 1L, 1L),
                                config -> config.weights(Tensor.of(1f, 2f))));
        assertMessage(
                "mse: outputs [2, 1] and targets [2] differ in shape; reshape one",
                () -> Functional.mse(Tensor.of(new float[2], Shape.of(2, 1)), Tensor.of(1f, 2f)));
        assertMessage(
                "accuracy: logits [3, 3] and targets [2]; they need [batch, classes] and [batch]",
                () -> Functional.accuracy(LOGITS, Tensor.of(0L, 1L)));
    }

    @Test
    void settingsOutOfTheirRangeAreErrors() {
        assertEquals(
                "crossEntropy: labelSmoothing is 1.5; use a number from 0 to 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        Functional.crossEntropy(
                                                LOGITS,
                                                Tensor.of(0L, 1L, 1L),
                                                config -> config.labelSmoothing(1.5)))
                        .getMessage());
        assertEquals(
                "huber: delta is 0.0; use a number above 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Functional.huber(LOGITS, LOGITS, 0, Reduction.MEAN))
                        .getMessage());
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(ShapeException.class, faulty).getMessage());
    }
}
