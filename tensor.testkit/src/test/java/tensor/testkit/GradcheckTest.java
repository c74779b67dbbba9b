package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.AssertionFailedError;
import tensor.api.Tensor;

@ExtendWith(OnReference.class)
class GradcheckTest {
    private static Tensor x() {
        return Tensor.of(0.5, -1.25);
    }

    @Test
    void rightDerivativesPass() {
        Gradcheck.gradcheck(in -> in.getFirst().exp().mul(in.getFirst()), x());
        Gradcheck.gradgradcheck(in -> in.getFirst().exp().mul(in.getFirst()), x());
    }

    @Test
    void aWrongDerivativeIsFoundWithInputElementAndBothNumbers() {
        var error =
                assertThrows(
                        AssertionFailedError.class,
                        () -> Gradcheck.gradcheck(in -> withSlope(in.getFirst(), 3), x()));

        String message = String.valueOf(error.getMessage());
        assertTrue(
                message.matches(
                        "gradcheck: by element 0 of input 0, \\[2], the derivative is \\S+, differences give \\S+"),
                message);
    }

    @Test
    void aWrongSecondDerivativeIsFoundWhereTheFirstIsRight() {
        // the slope 2x as a number that has no derivative of its own
        Gradcheck.gradcheck(in -> squareWithFixedSlope(in.getFirst()), x());

        assertThrows(
                AssertionFailedError.class,
                () -> Gradcheck.gradgradcheck(in -> squareWithFixedSlope(in.getFirst()), x()));
    }

    @Test
    void differencesNeedFloat64() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Gradcheck.gradcheck(in -> in.getFirst(), Tensor.of(1f)));

        assertEquals("gradcheck: input 0 is float32; differences need float64", error.getMessage());
    }

    @Test
    void derivativesNeedInputs() {
        assertEquals(
                "gradcheck: there is no input; give one or more",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Gradcheck.gradcheck(_ -> Tensor.scalar(1.0)))
                        .getMessage());
        assertEquals(
                "gradgradcheck: there is no input; give one or more",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Gradcheck.gradgradcheck(_ -> Tensor.scalar(1.0)))
                        .getMessage());
    }

    private static Tensor withSlope(Tensor x, double slope) {
        return Tensor.custom(List.of(x), in -> in.getFirst().mul(2), (_, _, _, g) -> g.mul(slope));
    }

    private static Tensor squareWithFixedSlope(Tensor x) {
        return Tensor.custom(
                List.of(x),
                in -> in.getFirst().square(),
                (_, in, _, g) -> g.mul(in.getFirst().detach().mul(2)));
    }
}
