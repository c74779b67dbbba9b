package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import tensor.api.Axes;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

class InitTest {
    private static final RandomKey KEY = RandomKey.of(8);

    @Test
    void aTruncatedNormalHasNothingBeyondTwoDeviations() {
        double[] drawn =
                Init.truncatedNormal(3, 0.5)
                        .create(KEY, Shape.of(5_000), DType.FLOAT64)
                        .toDoubles();

        var normal = new NormalDistribution(3, 0.5);
        double below = normal.cumulativeProbability(2);
        double[] even = new double[drawn.length];
        for (int i = 0; i < drawn.length; i++) {
            assertTrue(drawn[i] >= 2 && drawn[i] <= 4);
            double share = below + (i + 0.5) / drawn.length * (1 - 2 * below);
            even[i] = normal.inverseCumulativeProbability(share);
        }
        assertTrue(new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(drawn, even) < 0.03);
        assertEquals(
                0,
                Init.truncatedNormal(0, 1).create(KEY, Shape.of(0), DType.FLOAT32).elementCount());
    }

    @Test
    void gainAndFanDecideHowLargeFirstValuesAre() {
        Shape shape = Shape.of(2, 50, 100);

        assertEquals(
                3,
                ratio(Init.kaimingUniform(3, Fan.IN), Init.kaimingUniform(1, Fan.IN), shape),
                1e-12);
        assertEquals(
                5,
                ratio(Init.kaimingNormal(1, Fan.OUT), Init.kaimingNormal(1, Fan.IN), shape),
                1e-12);
        assertEquals(2, ratio(Init.xavierUniform(2), Init.xavierUniform(), shape), 1e-12);
        assertEquals(
                Gain.TANH, ratio(Init.xavierNormal(Gain.TANH), Init.xavierNormal(), shape), 1e-12);
        assertEquals(
                1 / Math.sqrt(5_000),
                Init.kaimingNormal(1, Fan.IN)
                        .create(KEY, shape, DType.FLOAT64)
                        .std(Axes.all(), 0)
                        .item(),
                2e-4);
        assertEquals(Gain.RELU, Gain.leakyRelu(0));
        assertEquals(Gain.LINEAR, Gain.leakyRelu(1));
    }

    private static double ratio(Init one, Init other, Shape shape) {
        return one.create(KEY, shape, DType.FLOAT64).abs().max(Axes.all()).item()
                / other.create(KEY, shape, DType.FLOAT64).abs().max(Axes.all()).item();
    }

    @Test
    void rowsOrColumnsOfAnOrthogonalOneStandUprightOnEachOther() {
        Tensor wide = Init.orthogonal(2).create(KEY, Shape.of(3, 5), DType.FLOAT64);
        Tensor kernel = Init.orthogonal(1).create(KEY, Shape.of(8, 2, 2), DType.FLOAT64);

        assertArrayEquals(
                new double[] {4, 0, 0, 0, 4, 0, 0, 0, 4}, wide.matMul(wide.t()).toDoubles(), 1e-14);
        Tensor columns = kernel.reshape(8, 4);
        Tensor product = columns.t().matMul(columns);
        assertEquals(4, product.sum().item(), 1e-13);
        assertEquals(1, product.max(Axes.all()).item(), 1e-14);
        assertEquals(
                "orthogonal: the shape is [3]; it needs [out, in, ..]",
                assertThrows(
                                ShapeException.class,
                                () -> Init.orthogonal(1).create(KEY, Shape.of(3), DType.FLOAT32))
                        .getMessage());
    }
}
