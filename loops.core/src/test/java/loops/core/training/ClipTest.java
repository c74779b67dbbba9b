package loops.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.optim.Sgd;

class ClipTest {
    private static final float TOLERANCE = 1e-5f;

    private final Parameter first = Parameter.of(Tensor.of(0f, 0f));
    private final Parameter second = Parameter.of(Tensor.of(0f));
    private final Parameter without = Parameter.of(Tensor.of(0f));

    /// All of its gradients together have the norm 5.
    private TrainingOptimizer optimizer(Optional<Clip> own) {
        first.grad(Tensor.of(3f, 0f));
        second.grad(Tensor.of(-4f));
        var planned = PlannedOptimizer.of(Sgd.of(List.of(first, second, without), 0.1));
        return new TrainingOptimizer(own.map(planned::clip).orElse(planned), 0);
    }

    private void assertGradients(Clip clip, float[] ofFirst, float ofSecond) {
        clip.apply(optimizer(Optional.empty()));

        assertArrayEquals(ofFirst, first.grad().orElseThrow().toFloats(), TOLERANCE);
        assertEquals(ofSecond, second.grad().orElseThrow().item(), TOLERANCE);
        assertEquals(Optional.empty(), without.grad());
    }

    @Test
    void aNormScalesAllGradientsTogether() {
        assertGradients(Clip.norm(1), new float[] {0.6f, 0}, -0.8f);
        assertGradients(new Clip.Norm(3.5, 1), new float[] {1.5f, 0}, -2);
        assertGradients(new Clip.Norm(2, Double.POSITIVE_INFINITY), new float[] {1.5f, 0}, -2);
    }

    @Test
    void aNormThatIsSmallEnoughIsLeftAsItIs() {
        assertGradients(Clip.norm(5.1), new float[] {3, 0}, -4);
    }

    @Test
    void aValueIsALimitForEachElement() {
        assertGradients(Clip.value(3.5), new float[] {3, 0}, -3.5f);
        assertGradients(Clip.value(1), new float[] {1, 0}, -1);
    }

    @Test
    void theClippingOfAnOptimizerGoesBeforeThatOfThePlan() {
        var plan = FitPlan.of(config -> config.clip(Clip.norm(1)));

        assertEquals(Optional.of(Clip.norm(1)), optimizer(Optional.empty()).clip(plan));
        assertEquals(Optional.of(Clip.value(2)), optimizer(Optional.of(Clip.value(2))).clip(plan));
        assertEquals(Optional.empty(), optimizer(Optional.empty()).clip(FitPlan.of(config -> {})));
    }

    @Test
    void numbersOutOfTheirRangeAreRefused() {
        assertRefused("Clip: the norm is 0.0; use a number above 0", () -> Clip.norm(0));
        assertRefused("Clip: the value is -1.0; use a number above 0", () -> Clip.value(-1));
        assertRefused(
                "Clip: the norm type is NaN; use a number above 0",
                () -> new Clip.Norm(1, Double.NaN));
    }

    private static void assertRefused(String message, Executable refused) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, refused).getMessage());
    }
}
