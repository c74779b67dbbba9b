package tensor.nn;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Normalizes each sample over its last axes: `(x − mean) / √(variance + ε) · weight + bias`.
///
/// Ba, Kiros, Hinton, Layer normalization, 2016. **Shapes.** `[.., shape]`, the same out; parameters have the shape.
public final class LayerNorm extends Module implements Layer {
    private final Shape shape;
    private final double epsilon;
    private final @Nullable Parameter weight;
    private final @Nullable Parameter bias;

    private LayerNorm(Shape shape, NormConfig config) {
        if (shape.rank() == 0) {
            throw new IllegalArgumentException(
                    "LayerNorm: the shape is []; give the sizes of the last axes");
        }
        this.shape = shape;
        epsilon = config.epsilon();
        weight = config.affine() ? parameter("weight", shape, Init.ones()) : null;
        bias = config.affine() ? parameter("bias", shape, Init.zeros()) : null;
    }

    /// {@return layer normalization over axes of these sizes}
    ///
    /// @param sizes those of the last axes
    public static LayerNorm of(int... sizes) {
        return of(Shape.of(sizes), config -> {});
    }

    /// {@return layer normalization as `config` says}
    ///
    /// @param shape the sizes of the last axes
    /// @param config sets what is not to be the default
    public static LayerNorm of(Shape shape, Consumer<NormConfig> config) {
        var chosen = new NormConfig();
        config.accept(chosen);
        return new LayerNorm(shape, chosen);
    }

    @Override
    public Tensor apply(Tensor x) {
        int before = x.rank() - shape.rank();
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (before < 0 || x.size(before + axis) != shape.size(axis)) {
                throw new ShapeException(
                        "LayerNorm: the input is %s, the last axes are to be %s"
                                .formatted(x.shape(), shape),
                        x.shape(),
                        shape);
            }
        }
        if (weight == null || bias == null) {
            return Normalization.layer(x, shape.rank(), epsilon);
        }
        return shape.rank() == 1
                ? Normalization.layer(x, weight.value(), bias.value(), epsilon)
                : Normalization.layer(x, shape.rank(), epsilon)
                        .mul(weight.value())
                        .add(bias.value());
    }

    @Override
    public LayerNorm initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public LayerNorm initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }

    @Override
    public String toString() {
        return "LayerNorm" + shape;
    }
}
