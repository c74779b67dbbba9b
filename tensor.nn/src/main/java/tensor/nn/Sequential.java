package tensor.nn;

import java.util.List;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;

/// Layers, each working on what the one before gives.
///
/// Parts are named by their place: the first layer's weight is `0.weight`.
public final class Sequential extends Module implements Layer {
    private final List<Layer> layers;

    private Sequential(List<Layer> layers) {
        this.layers = layers;
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) instanceof Module module) {
                child(Integer.toString(i), module);
            }
        }
    }

    /// {@return these layers, one after the other; without any, the input is the output}
    ///
    /// @param layers in order
    /// @throws IllegalStateException if one is part of another module already
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    /// {@return the layers in order}
    public List<Layer> layers() {
        return layers;
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor y = x;
        for (Layer layer : layers) {
            y = layer.apply(y);
        }
        return y;
    }

    @Override
    public Sequential initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Sequential initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }
}
