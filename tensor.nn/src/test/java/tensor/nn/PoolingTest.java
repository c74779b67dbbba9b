package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.api.Gradients;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

class PoolingTest {
    private static final double LEAST = Double.NEGATIVE_INFINITY;

    @Test
    void theGradientOfNegativeInfinityGoesToTheInputNotToThePadding() {
        Tensor x = Tensor.of(LEAST, LEAST, 1, LEAST).requireGradient();

        Tensor y = Pooling.of(3).stride(2).padding(1).max(x.unsqueeze(0));
        Tensor gradient = Gradients.of(y.mul(Tensor.of(5.0, 7.0)).sum(), List.of(x)).getFirst();

        assertArrayEquals(new double[] {LEAST, 1}, y.toDoubles());
        assertArrayEquals(new double[] {5, 0, 7, 0}, gradient.toDoubles());
    }

    @Test
    void dilatedWindowsBeginBesideTheInputToo() {
        Tensor x = Tensor.full(Shape.of(2, 2, 3), LEAST).requireGradient();

        Tensor y = Pooling.of(2, 2).stride(1).dilation(2).padding(1).max(x);
        Tensor gradient = Gradients.of(y.sum(), List.of(x)).getFirst();

        assertEquals(Shape.of(2, 2, 3), y.shape());
        assertEquals(12, gradient.sum().item());
    }

    @Test
    void windowsAreNoLongerThanTheInput() {
        var error =
                assertThrows(
                        ShapeException.class,
                        () ->
                                Pooling.of(3)
                                        .dilation(Integer.MAX_VALUE)
                                        .max(Tensor.ones(Shape.of(1, 3))));

        assertEquals(
                "windows: a window of 3 with dilation 2147483647 spans 4294967295 elements, but axis 1 of [1, 3] has 3; pad it",
                error.getMessage());
    }

    @Test
    void aMeanOfAFieldNeedsElements() {
        var error =
                assertThrows(
                        ShapeException.class,
                        () -> Pooling.adaptiveMean(Tensor.ones(Shape.of(1, 0)), 2));

        assertEquals(
                "adaptiveMean: [1, 0] has no element along axis 1; a mean needs one or more",
                error.getMessage());
        assertEquals(Shape.of(0, 2), Pooling.adaptiveMean(Tensor.ones(Shape.of(0, 3)), 2).shape());
    }
}
