package tensor.nn;

import tensor.api.Axes;
import tensor.api.LinearAlgebra;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// How a parameter gets its first value: a pure function of a key.
///
/// A weight has the shape `[out, in, …]`: its fan-in is `in` times the sizes of further axes, its fan-out `out` times
/// those. With float32 and float64 the same key gives the same numbers up to rounding.
@FunctionalInterface
public interface Init {
    /// {@return a first value on the current device}
    ///
    /// @param key the source of all randomness
    /// @param shape the shape of the parameter
    /// @param dtype a floating-point type
    Tensor create(RandomKey key, Shape shape, DType dtype);

    /// {@return all elements 0}
    static Init zeros() {
        return constant(0);
    }

    /// {@return all elements 1}
    static Init ones() {
        return constant(1);
    }

    /// {@return all elements `value`}
    ///
    /// @param value any number
    static Init constant(double value) {
        return (_, shape, dtype) -> Tensor.full(shape, value, dtype);
    }

    /// {@return elements evenly distributed from `low` to below `high`}
    ///
    /// @param low the least
    /// @param high above the greatest
    static Init uniform(double low, double high) {
        return (key, shape, dtype) -> Tensor.uniform(key, shape, dtype).mul(high - low).add(low);
    }

    /// {@return elements normally distributed}
    ///
    /// @param mean their mean
    /// @param deviation their standard deviation
    static Init normal(double mean, double deviation) {
        return (key, shape, dtype) -> Tensor.normal(key, shape, dtype).mul(deviation).add(mean);
    }

    /// {@return elements evenly distributed between ±1/√fanIn: PyTorch's default for weight and bias of a linear layer}
    ///
    /// @param fanIn the number of inputs of the layer
    static Init fanIn(int fanIn) {
        double bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
        return uniform(-bound, bound);
    }

    /// {@return elements evenly distributed with variance 2/fanIn, which keeps the size of activations through ReLU}
    static Init kaimingUniform() {
        return kaimingUniformOf(2, Fan.IN);
    }

    /// {@return elements evenly distributed with variance gain²/fan} He, Zhang, Ren, Sun, Delving deep into rectifiers, 2015.
    ///
    /// @param gain for what stands behind the layer, see [Gain]
    /// @param fan what it is divided by
    static Init kaimingUniform(double gain, Fan fan) {
        return kaimingUniformOf(gain * gain, fan);
    }

    private static Init kaimingUniformOf(double square, Fan fan) {
        return (key, shape, dtype) -> {
            double bound = Math.sqrt(3 * square / fan.of(Fans.of("kaimingUniform", shape)));
            return uniform(-bound, bound).create(key, shape, dtype);
        };
    }

    /// {@return elements normally distributed with variance 2/fanIn, which keeps the size of activations through ReLU}
    static Init kaimingNormal() {
        return kaimingNormalOf(2, Fan.IN);
    }

    /// {@return elements normally distributed with variance gain²/fan} He, Zhang, Ren, Sun, Delving deep into rectifiers, 2015.
    ///
    /// @param gain for what stands behind the layer, see [Gain]
    /// @param fan what it is divided by
    static Init kaimingNormal(double gain, Fan fan) {
        return kaimingNormalOf(gain * gain, fan);
    }

    private static Init kaimingNormalOf(double square, Fan fan) {
        return (key, shape, dtype) -> {
            double deviation = Math.sqrt(square / fan.of(Fans.of("kaimingNormal", shape)));
            return normal(0, deviation).create(key, shape, dtype);
        };
    }

    /// {@return elements evenly distributed with variance 2/(fanIn + fanOut), for layers without or with tanh}
    static Init xavierUniform() {
        return xavierUniform(Gain.LINEAR);
    }

    /// {@return elements evenly distributed with variance 2·gain²/(fanIn + fanOut)} Glorot, Bengio, Understanding the difficulty
    /// of training deep feedforward neural networks, 2010.
    ///
    /// @param gain for what stands behind the layer, see [Gain]
    static Init xavierUniform(double gain) {
        return (key, shape, dtype) -> {
            Fans fans = Fans.of("xavierUniform", shape);
            double bound = gain * Math.sqrt(6.0 / (fans.in() + fans.out()));
            return uniform(-bound, bound).create(key, shape, dtype);
        };
    }

    /// {@return elements normally distributed with variance 2/(fanIn + fanOut), for layers without or with tanh}
    static Init xavierNormal() {
        return xavierNormal(Gain.LINEAR);
    }

    /// {@return elements normally distributed with variance 2·gain²/(fanIn + fanOut)} Glorot, Bengio, Understanding the
    /// difficulty of training deep feedforward neural networks, 2010.
    ///
    /// @param gain for what stands behind the layer, see [Gain]
    static Init xavierNormal(double gain) {
        return (key, shape, dtype) -> {
            Fans fans = Fans.of("xavierNormal", shape);
            double deviation = gain * Math.sqrt(2.0 / (fans.in() + fans.out()));
            return normal(0, deviation).create(key, shape, dtype);
        };
    }

    /// {@return elements normally distributed, none further than two deviations from the mean} What lies beyond is drawn
    /// again, so the deviation of all is 0.88 of the one given.
    ///
    /// @param mean the mean
    /// @param deviation the standard deviation before what lies beyond is left out
    static Init truncatedNormal(double mean, double deviation) {
        return (key, shape, dtype) -> {
            Tensor drawn = Tensor.normal(key, shape, dtype);
            if (shape.elementCount() == 0) {
                return drawn;
            }
            for (int again = 1; drawn.abs().max(Axes.all()).item() > 2; again++) {
                Tensor next = Tensor.normal(key.fold(again), shape, dtype);
                drawn = Tensor.where(drawn.abs().greater(2), next, drawn);
            }
            return drawn.mul(deviation).add(mean);
        };
    }

    /// {@return a matrix whose rows are of length 1 and stand upright on each other, or its columns where there are fewer}
    ///
    /// Of a weight with further axes, the matrix `[out, in·..]`. Saxe, McClelland, Ganguli, Exact solutions to the nonlinear
    /// dynamics of learning in deep linear neural networks, 2014.
    ///
    /// @param gain the length instead of 1
    static Init orthogonal(double gain) {
        return (key, shape, dtype) -> {
            if (shape.rank() < 2) {
                throw new ShapeException(
                        "orthogonal: the shape is %s; it needs [out, in, ..]".formatted(shape),
                        shape);
            }
            int rows = shape.size(0);
            int columns = Math.toIntExact(shape.elementCount() / Math.max(1, rows));
            Shape tall = Shape.of(Math.max(rows, columns), Math.min(rows, columns));
            var parts = LinearAlgebra.qr(Tensor.normal(key, tall, DType.FLOAT64));
            Tensor upright = parts.q();
            Tensor matrix = rows < columns ? upright.t() : upright;
            return matrix.mul(gain).cast(dtype).reshape(shape);
        };
    }
}
