package tensor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.Variance;
import org.apache.commons.math3.util.FastMath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tensor.api.Axes;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Apache Commons Math as an oracle that shares no line with us: functions and statistics.
@ExtendWith(OnReference.class)
class CommonsMathTest {
    @Test
    void functionsAgree() {
        agree(Tensor::exp, FastMath::exp);
        agree(x -> x.abs().log(), x -> FastMath.log(FastMath.abs(x)));
        agree(Tensor::sin, FastMath::sin);
        agree(Tensor::cos, FastMath::cos);
        agree(Tensor::tanh, FastMath::tanh);
        agree(x -> x.abs().sqrt(), x -> FastMath.sqrt(FastMath.abs(x)));
        agree(Tensor::sigmoid, x -> 1 / (1 + FastMath.exp(-x)));
        agree(x -> x.abs().pow(1.7), x -> FastMath.pow(FastMath.abs(x), 1.7));
    }

    @Test
    void statisticsAgree() {
        Tensor x = random(RandomKey.of(6), 1, 501);

        assertEquals(new Mean().evaluate(x.toDoubles()), x.mean().item(), 1e-14);
        assertEquals(
                new Variance(true).evaluate(x.toDoubles()),
                x.variance(Axes.all(), 1).item(),
                1e-14);
        assertEquals(
                new Variance(false).evaluate(x.toDoubles()),
                x.variance(Axes.all(), 0).item(),
                1e-14);
    }

    private static void agree(UnaryOperator<Tensor> ours, DoubleUnaryOperator theirs) {
        Tensor x = random(RandomKey.of(5), 1, 500).mul(3);
        double[] actual = ours.apply(x).toDoubles();
        for (int i = 0; i < actual.length; i++) {
            double expected = theirs.applyAsDouble(x.toDoubles()[i]);
            assertEquals(expected, actual[i], 1e-14 * Math.max(1, Math.abs(expected)));
        }
    }

    private static Tensor random(RandomKey key, int rows, int columns) {
        return Tensor.normal(key, Shape.of(rows, columns), DType.FLOAT64);
    }
}
