package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.Callback;
import loops.core.training.Clip;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.optim.Sgd;

class GradientNormTest {
    /// A line through 0, whose gradients on one point at 1/4 are known: the point lies at 2.75.
    private static final class Zero extends Slope {
        private final boolean two;

        Zero(boolean two) {
            this.two = two;
            initialize(RandomKey.of(1));
            line.weight().assign(Tensor.zeros(Shape.of(1, 1)));
            line.parameters().getLast().assign(Tensor.zeros(Shape.of(1)));
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            var all = parameters();
            return two
                    ? OptimizerPlan.of(
                            Sgd.of(List.of(all.getFirst()), 0.1),
                            Sgd.of(List.of(all.getLast()), 0.1))
                    : OptimizerPlan.of(Sgd.of(all, 0.1));
        }
    }

    private static Map<String, Double> logged(boolean two, Callback... callbacks) {
        SequencedMap<String, Double> metrics =
                Trainer.of(config ->
                                config.maxEpochs(1)
                                        .callbacks(callbacks)
                                        .plan(plan -> plan.clip(Clip.norm(0.1))))
                        .fit(new Zero(two), DataModule.of(Slope.points(1, 1)))
                        .metrics();
        var norms = new TreeMap<String, Double>();
        metrics.forEach((name, value) -> {
            if (name.startsWith("grad")) {
                norms.put(name, Math.round(value * 1000) / 1000.0);
            }
        });
        return norms;
    }

    @Test
    void theNormsOfAllParametersAndOfAllTogetherAreLoggedBeforeTheyAreClipped() {
        // d/dw = 2·(0 − 2.75)·0.25 = −1.375, d/db = 2·(0 − 2.75) = −5.5
        assertEquals(
                Map.of(
                        "grad_2.0_norm/line.weight", 1.375,
                        "grad_2.0_norm/line.bias", 5.5,
                        "grad_2.0_norm_total", 5.669),
                logged(false, GradientNorm.of()));
    }

    @Test
    void otherNormsHaveOtherNamesAndStandSideBySide() {
        var norms = logged(false, GradientNorm.of(1), GradientNorm.of(Double.POSITIVE_INFINITY));

        assertEquals(6.875, norms.get("grad_1.0_norm_total"));
        assertEquals(5.5, norms.get("grad_inf_norm_total"));
    }

    @Test
    void everyOptimizerHasATotalOfItsOwn() {
        // the first step, clipped to 0.1, moves w by 0.01: d/db = 2·(0.0025 − 2.75) = −5.495
        assertEquals(
                Map.of(
                        "grad_2.0_norm/line.weight", 1.375,
                        "grad_2.0_norm/line.bias", 5.495,
                        "grad_2.0_norm_total/optimizer_0", 1.375,
                        "grad_2.0_norm_total/optimizer_1", 5.495),
                logged(true, GradientNorm.of()));
    }

    @Test
    void anExponentThatIsNoneIsRefused() {
        for (double exponent : List.of(0.0, -1.0, Double.NaN)) {
            var refused =
                    assertThrows(IllegalArgumentException.class, () -> GradientNorm.of(exponent));

            assertEquals(
                    "GradientNorm: the exponent is %s; use a number above 0, or infinity"
                            .formatted(exponent),
                    refused.getMessage());
        }
    }
}
