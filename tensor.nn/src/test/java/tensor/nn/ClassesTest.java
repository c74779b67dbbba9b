package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

class ClassesTest {
    private static void position(String message, Executable body) {
        assertEquals(message, assertThrows(IndexOutOfBoundsException.class, body).getMessage());
    }

    @Test
    void rowsAndClassesThatAreNotThereAreNamed() {
        Tensor table = Tensor.zeros(Shape.of(1, 2));

        position(
                "embedding: index 3 of [2, 1] is none of the 1 rows; use numbers from 0 to 0",
                () -> Functional.embedding(table, Tensor.of(new long[] {0, 3}, Shape.of(2, 1))));
        position(
                "crossEntropy: target -1 of [1] is none of the 2 classes; use numbers from 0 to 1, or ignore(..) it",
                () -> Losses.crossEntropy(table, Tensor.of(-1L)));
        position(
                "crossEntropy: target 2 of [1] is none of the 2 classes; use numbers from 0 to 1, or ignore(..) it",
                () ->
                        Losses.crossEntropy(
                                table, Tensor.of(2L), config -> config.weights(Tensor.of(1f, 2f))));
    }

    @Test
    void softmaxNamesItself() {
        Tensor x = Tensor.zeros(Shape.of(2, 3));

        assertEquals(
                "softmax: there is no axis 2 in [2, 3]; use -2 to 1",
                assertThrows(ShapeException.class, () -> Functional.softmax(x, 2)).getMessage());
        assertEquals(
                "logSoftmax: there is no axis 2 in [2, 3]; use -2 to 1",
                assertThrows(ShapeException.class, () -> Functional.logSoftmax(x, 2)).getMessage());
    }

    @Test
    void softmaxOfNothingIsNothing() {
        Tensor none = Tensor.zeros(Shape.of(2, 0));

        assertEquals(Shape.of(2, 0), Functional.softmax(none, 1).shape());
        assertEquals(Shape.of(2, 0), Functional.logSoftmax(none, -1).shape());
        assertEquals(Shape.of(2, 0), Functional.softmax(none, 0).shape());
    }
}
