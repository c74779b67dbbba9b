package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.Tensor;

class ActivationsTest {
    @Test
    void softplusOfHugeNumbersDoesNotOverflow() {
        assertArrayEquals(
                new float[] {1000, 0}, Activations.softplus(Tensor.of(1000f, -1000f)).toFloats());
    }

    @Test
    void softplusHasTheRightDerivativesAtZero() {
        Parameter x = Parameter.of(Tensor.of(0.0));

        Activations.softplus(x.value()).sum().backward();

        assertEquals(0.5, x.grad().orElseThrow().item());
    }

    @Test
    void derivativesFarFromZeroAreFinite() {
        for (Activation activation : Activation.values()) {
            Parameter x = Parameter.of(Tensor.of(-1000.0, -100, 100, 1000));

            activation.apply(x.value()).sum().backward();

            double[] slopes = x.grad().orElseThrow().toDoubles();
            double left = activation == Activation.IDENTITY ? 1 : 0;
            boolean saturates = activation == Activation.TANH || activation == Activation.SIGMOID;
            assertEquals(left, slopes[0], 1e-12, activation.toString());
            assertEquals(left, slopes[1], 1e-12, activation.toString());
            assertEquals(saturates ? 0 : 1, slopes[2], 1e-12, activation.toString());
            assertEquals(saturates ? 0 : 1, slopes[3], 1e-12, activation.toString());
        }
    }

    @Test
    void softplusNeedsABend() {
        for (double beta : new double[] {0, -1, Double.NaN}) {
            assertEquals(
                    "softplus: beta is %s; use a number above 0".formatted(beta),
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> Activations.softplus(Tensor.of(1f), beta, 20))
                            .getMessage());
        }
    }
}
