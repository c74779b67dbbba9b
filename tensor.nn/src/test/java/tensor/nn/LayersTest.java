package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

class LayersTest {
    private static final RandomKey KEY = RandomKey.of(2);

    @Test
    void aLinearLayerAddsWeightedInputsAndBias() {
        Linear layer = Linear.of(2, 3);
        layer.weight().assign(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(3, 2)));
        layer.bias().orElseThrow().assign(Tensor.of(10f, 20f, 30f));

        Tensor y = layer.apply(Tensor.of(new float[] {1, 1, 2, 0}, Shape.of(2, 2)));

        assertArrayEquals(new float[] {13, 27, 41, 12, 26, 40}, y.toFloats());
        assertEquals("Linear[3, 2]", layer.toString());
    }

    @Test
    void biasAndFirstValuesOfALinearLayerCanBeChosen() {
        Linear layer = Linear.of(2, 1, config -> config.noBias().weight(Init.constant(3)));
        Linear shifted = Linear.of(2, 1, config -> config.bias(Init.ones()));

        layer.initialize(KEY);
        shifted.initialize(KEY);

        assertTrue(layer.bias().isEmpty());
        assertArrayEquals(new float[] {15}, layer.apply(Tensor.of(2f, 3f)).toFloats());
        assertEquals(1, shifted.bias().orElseThrow().value().item());
        assertEquals(
                "Linear: -1 inputs and 2 outputs; use numbers from 0",
                assertThrows(IllegalArgumentException.class, () -> Linear.of(-1, 2)).getMessage());
    }

    @Test
    void aSequenceAppliesLayersInOrder() {
        Linear first = Linear.of(1, 2);
        Linear second = Linear.of(2, 1);
        Sequential net = Sequential.of(first, x -> x.add(1), Activation.TANH, second);
        net.initialize(KEY);
        Tensor x = Tensor.of(new float[] {0.5f}, Shape.of(1, 1));

        Tensor y = net.apply(x);

        assertArrayEquals(second.apply(first.apply(x).add(1).tanh()).toFloats(), y.toFloats());
        assertEquals(
                List.of("0.weight", "0.bias", "3.weight", "3.bias"),
                List.copyOf(net.namedParameters().keySet()));
        assertEquals(4, net.layers().size());
        assertSame(x, Sequential.of().apply(x));
    }

    @Test
    void dropoutZeroesSomeElementsAndScalesTheOthers() {
        Dropout dropout = Dropout.of(0.25).initialize(KEY);
        Tensor x = Tensor.ones(Shape.of(4000));

        float[] y = dropout.apply(x).toFloats();

        long dropped = 0;
        for (float value : y) {
            assertTrue(value == 0 || value == 4f / 3, () -> "found " + value);
            dropped += value == 0 ? 1 : 0;
        }
        assertTrue(dropped > 850 && dropped < 1150, "dropped " + dropped);
        assertFalse(Arrays.equals(y, dropout.apply(x).toFloats()));
    }

    @Test
    void dropoutGoesOnWhereALoadedStateStood() {
        Tensor x = Tensor.ones(Shape.of(100));
        Dropout first = Dropout.of(0.5).initialize(KEY);
        Dropout second = Dropout.of(0.5).initialize(KEY);
        first.apply(x);

        second.loadStateDict(first.stateDict());

        assertArrayEquals(first.apply(x).toFloats(), second.apply(x).toFloats());
    }

    @Test
    void dropoutDoesNothingInEvaluation() {
        Dropout dropout = Dropout.of(0.5);
        Tensor x = Tensor.of(1f, 2f);
        dropout.eval();

        assertSame(x, dropout.apply(x));
        assertEquals("Dropout(0.5)", dropout.toString());
        assertEquals(
                "Dropout: probability is 1.5; use a number from 0 to 1",
                assertThrows(IllegalArgumentException.class, () -> Dropout.of(1.5)).getMessage());
    }

    @Test
    void dropoutMayDropEverything() {
        Dropout dropout = Dropout.of(1).initialize(KEY);

        assertArrayEquals(
                new float[] {0, 0},
                dropout.apply(Tensor.of(1f, Float.POSITIVE_INFINITY)).toFloats());
    }

    @Test
    void theGradientOfADroppedElementIsZero() {
        Parameter x =
                Parameter.of(Tensor.of(new double[] {1, Double.POSITIVE_INFINITY, 3}, Shape.of(3)));
        Tensor y = Functional.dropout(x.value(), 0.5, KEY);

        y.sum().backward();

        double[] gradient = x.grad().orElseThrow().toDoubles();
        double[] kept = y.toDoubles();
        for (int i = 0; i < 3; i++) {
            assertEquals(kept[i] == 0 ? 0 : 2, gradient[i]);
        }
    }

    @Test
    void activationsAreTheirFormulas() {
        Tensor x = Tensor.of(-2.0, 0.0, 0.5);

        assertSame(x, Activation.IDENTITY.apply(x));
        assertArrayEquals(new double[] {0, 0, 0.5}, Activation.RELU.apply(x).toDoubles());
        assertArrayEquals(
                new double[] {Math.tanh(-2), 0, Math.tanh(0.5)},
                Activation.TANH.apply(x).toDoubles(),
                1e-15);
        assertArrayEquals(
                new double[] {1 / (1 + Math.exp(2)), 0.5, 1 / (1 + Math.exp(-0.5))},
                Activation.SIGMOID.apply(x).toDoubles(),
                1e-15);
    }

    @Test
    void firstValuesHaveTheirDistributions() {
        Shape shape = Shape.of(60, 50);
        assertSpread(1 / Math.sqrt(50.0 * 3), Init.fanIn(50), shape);
        assertSpread(Math.sqrt(2.0 / 50), Init.kaimingUniform(), shape);
        assertSpread(Math.sqrt(2.0 / 50), Init.kaimingNormal(), shape);
        assertSpread(Math.sqrt(2.0 / 110), Init.xavierUniform(), shape);
        assertSpread(Math.sqrt(2.0 / 110), Init.xavierNormal(), shape);
        assertSpread(2 / Math.sqrt(12), Init.uniform(-1, 1), shape);
        assertSpread(3, Init.normal(0, 3), shape);
        assertSpread(Math.sqrt(2.0 / 150), Init.kaimingNormal(), Shape.of(20, 50, 3));
    }

    @Test
    void aUniformValueStaysWithinItsBounds() {
        double[] values = Init.uniform(2, 3).create(KEY, Shape.of(1000), DType.FLOAT64).toDoubles();

        assertTrue(Arrays.stream(values).allMatch(it -> it >= 2 && it < 3));
    }

    @Test
    void aBiasHasNoFans() {
        assertEquals(
                "xavierUniform: [3] has no inputs and outputs; a weight has shape [out, in, …]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Init.xavierUniform().create(KEY, Shape.of(3), DType.FLOAT32))
                        .getMessage());
    }

    private static void assertSpread(double deviation, Init init, Shape shape) {
        double[] values = init.create(KEY, shape, DType.FLOAT64).toDoubles();
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance =
                Arrays.stream(values).map(it -> (it - mean) * (it - mean)).average().orElseThrow();
        assertEquals(0, mean, deviation * 0.1);
        assertEquals(deviation, Math.sqrt(variance), deviation * 0.05);
    }
}
