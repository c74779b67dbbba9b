package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

class NormTest {
    private static final RandomKey KEY = RandomKey.of(4);

    @Test
    void inTrainingABatchIsNormalizedByItselfAndMovesTheRunningStatistics() {
        BatchNorm norm = BatchNorm.of(1, config -> config.momentum(0.5).epsilon(0));
        norm.initialize(KEY, DType.FLOAT64);
        Tensor x = Tensor.of(new double[] {1, 3}, Shape.of(2, 1));

        assertArrayEquals(new double[] {-1, 1}, norm.apply(x).toDoubles());
        assertArrayEquals(new double[] {1}, norm.mean().value().toDoubles());
        assertArrayEquals(new double[] {1.5}, norm.variance().value().toDoubles());

        norm.eval();
        assertArrayEquals(new double[] {0, 2 / Math.sqrt(1.5)}, norm.apply(x).toDoubles(), 1e-15);
        assertArrayEquals(new double[] {1}, norm.mean().value().toDoubles());
        assertEquals(
                List.of("weight", "bias", "running_mean", "running_var"),
                List.copyOf(norm.stateDict().keySet()));
    }

    @Test
    void theRunningStatisticsAreStateAndNotPartOfTheGraph() {
        BatchNorm norm = BatchNorm.of(3).initialize(KEY);
        BatchNorm other = BatchNorm.of(3).initialize(KEY);
        norm.apply(Tensor.normal(KEY, Shape.of(4, 3, 2)).requireGradient());

        other.loadStateDict(norm.stateDict());

        assertTrue(!norm.mean().value().tracked() && !norm.variance().value().tracked());
        assertArrayEquals(norm.mean().value().toFloats(), other.mean().value().toFloats());
    }

    @Test
    void aLayerNormWorksOnEachSampleByItself() {
        LayerNorm norm = LayerNorm.of(3, 2).initialize(KEY);
        Tensor x = Tensor.normal(KEY, Shape.of(4, 3, 2)).mul(5).add(2);

        Tensor y = norm.apply(x);

        for (int sample = 0; sample < 4; sample++) {
            Tensor one = y.select(0, sample).cast(DType.FLOAT64);
            assertEquals(0, one.mean().item(), 1e-6);
            assertEquals(1, one.square().mean().item(), 1e-4);
            assertArrayEquals(
                    norm.apply(x.slice(0, sample, sample + 1L)).toFloats(),
                    y.select(0, sample).toFloats());
        }
    }

    @Test
    void oneGroupIsALayerNormAndWithoutParametersNothingIsLearned() {
        GroupNorm group = GroupNorm.of(1, 4, config -> config.noAffine()).initialize(KEY);
        LayerNorm layer = LayerNorm.of(Shape.of(4, 3), config -> config.noAffine()).initialize(KEY);
        Tensor x = Tensor.normal(KEY, Shape.of(2, 4, 3), DType.FLOAT64);

        assertArrayEquals(layer.apply(x).toDoubles(), group.apply(x).toDoubles(), 1e-14);
        assertEquals(0, group.parameters().size() + layer.parameters().size());
        assertEquals("GroupNorm(1, 4)", group.toString());
        assertEquals("LayerNorm[4, 3]", layer.toString());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(
                "BatchNorm: [1, 3] has no more than one element for each channel; in training it needs several",
                () -> BatchNorm.of(3).initialize(KEY).apply(zeros(1, 3)));
        refused(
                "Normalization: the input is [2, 4], and there are numbers for [3] channels; it needs [batch, channels, ..]",
                () -> BatchNorm.of(3).initialize(KEY).apply(zeros(2, 4)));
        refused(
                "LayerNorm: the input is [2, 4], the last axes are to be [3]",
                () -> LayerNorm.of(3).initialize(KEY).apply(zeros(2, 4)));
        refused("LayerNorm: the shape is []; give the sizes of the last axes", LayerNorm::of);
        refused(
                "Normalization.layer: over the last 3 axes, but the input is [2, 4]; use a number from 1 to 2",
                () -> Normalization.layer(zeros(2, 4), 3, 0));
        refused(
                "Normalization.group: [2, 4] in 3 groups; it needs [batch, channels, ..], and groups that divide the channels",
                () -> Normalization.group(zeros(2, 4), 3, 0));
        refused(
                "GroupNorm: 4 channels in 3 groups; use a number of groups from 1 that divides the channels",
                () -> GroupNorm.of(3, 4));
        refused(
                "NormConfig: epsilon is -1.0; use a number from 0",
                () -> BatchNorm.of(1, config -> config.epsilon(-1)));
        refused(
                "NormConfig: momentum is 2.0; use a number from 0 to 1",
                () -> BatchNorm.of(1, config -> config.momentum(2)));
    }

    private static Tensor zeros(int... sizes) {
        return Tensor.zeros(Shape.of(sizes));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
