package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import tensor.api.AnomalyException;
import tensor.api.AnomalyMode;
import tensor.api.Gradients;
import tensor.api.LinearAlgebra;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

@ExtendWith(OnReference.class)
class AnomalyModeTest {
    private static final String HERE = "tensor.testkit.AnomalyModeTest.";

    @Test
    void theOperationThatMakesTheFirstNaNIsNamedWithItsLine() {
        Tensor x = Tensor.of(4f, -1f, 9f);

        assertAnomaly(
                "sqrt: the result, [3], has NaN at [1]; called at " + HERE + "root",
                () -> AnomalyMode.in(() -> root(x).add(1)));
    }

    private static Tensor root(Tensor x) {
        return x.sqrt();
    }

    @Test
    void aNaNThatCameInIsSaidToHaveComeIn() {
        Tensor x = Tensor.of(0f, Float.NaN);

        assertAnomaly(
                "mul: input 0, [2], has NaN at [1]; look where it comes from; called at "
                        + HERE
                        + "lambda$",
                () -> AnomalyMode.in(() -> x.mul(2)));
    }

    @Test
    void theDerivativeThatMakesTheFirstNaNIsNamedWithTheLineOfItsOperation() {
        Parameter p = Parameter.of(Tensor.of(0f, 1f));

        assertAnomaly(
                "sqrt: the gradient of input 0, [2], has NaN at [0]; called at " + HERE + "root",
                () ->
                        AnomalyMode.in(
                                () -> root(p.value()).mul(Tensor.of(0f, 1f)).sum().backward()));
    }

    @Test
    void operationsWithADerivativeOfTheirOwnAreNamedWithTheLineThatCalledThem() {
        Tensor singular = Tensor.zeros(Shape.of(2, 2));
        Tensor right = Tensor.zeros(Shape.of(2, 1));

        assertAnomaly(
                "div: the result, [1], has NaN at [0]; called at " + HERE + "lambda$",
                () -> AnomalyMode.in(() -> zeroByZero(Tensor.of(0f))));
        var error =
                assertThrows(
                        AnomalyException.class,
                        () -> AnomalyMode.in(() -> LinearAlgebra.solve(singular, right)));
        assertTrue(
                String.valueOf(error.getMessage()).contains("called at " + HERE),
                error::getMessage);
    }

    private static Tensor zeroByZero(Tensor x) {
        return Tensor.custom(List.of(x), in -> in.getFirst().div(in.getFirst()), (_, _, _, g) -> g);
    }

    @Test
    void aSecondDerivativeIsNamedWithTheLineOfItsOperation() {
        Tensor x = Tensor.of(0.0, 1.0).requireGradient();

        assertAnomaly(
                "pow: the gradient of input 0, [2], has NaN at [0]; called at " + HERE + "power",
                () ->
                        AnomalyMode.in(() -> {
                            Tensor slope =
                                    Gradients.differentiable(power(x).sum(), List.of(x)).getFirst();
                            return Gradients.of(slope.mul(Tensor.of(0.0, 1.0)).sum(), List.of(x));
                        }));
    }

    private static Tensor power(Tensor x) {
        return x.pow(1.5);
    }

    @Test
    void withoutNaNAndOutsideOfItNothingHappens() {
        Tensor x = Tensor.of(-1f, 1f);

        assertEquals(2, AnomalyMode.in(() -> x.square().sum()).item());
        assertTrue(Double.isNaN(x.sqrt().sum().item()));
        assertEquals(
                2,
                AnomalyMode.in(() -> x.less(Double.NaN).not().cast(DType.INT64).sum()).itemLong());
    }

    private static void assertAnomaly(String start, Executable call) {
        String message = String.valueOf(assertThrows(AnomalyException.class, call).getMessage());
        assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
    }
}
