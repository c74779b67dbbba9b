package bench.steps;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;
import tensor.nn.Activation;
import tensor.nn.Conv2d;
import tensor.nn.Embedding;
import tensor.nn.Layer;
import tensor.nn.LayerNorm;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.Lstm;
import tensor.nn.Module;
import tensor.nn.Pooling;
import tensor.nn.Sequential;
import tensor.nn.TransformerBlock;

/// What a training step of the bench learns: a model, a batch, and the loss.
///
/// @param name stands in the table
/// @param kind tells the peer which model it is
/// @param model initialized
/// @param input of one batch: numbers, or int64 classes
/// @param target int64 classes
/// @param loss of an input and its target
/// @param rate the learning rate
public record Work(
        String name,
        Kind kind,
        Module model,
        Tensor input,
        Tensor target,
        BinaryOperator<Tensor> loss,
        double rate) {
    /// So low that the batch is not learned by heart: gradients that vanish would become subnormal numbers, which slow every
    /// side.
    private static final double LOW_RATE = 1e-6;

    private static final RandomKey KEY = RandomKey.of(1);

    /// The models.
    public enum Kind {
        /// Two hidden layers.
        MLP,

        /// Two convolutions with pooling, two linear layers.
        CNN,

        /// An LSTM, of whose last output a linear layer makes classes.
        LSTM,

        /// Causal blocks over embedded classes and places.
        TRANSFORMER
    }

    /// {@return the same, learned at another rate}
    ///
    /// @param other that rate
    public Work at(double other) {
        return new Work(name, kind, model, input, target, loss, other);
    }

    /// {@return all of them}
    public static List<Supplier<Work>> all() {
        return List.of(
                () -> mlp(128, 32), () -> mlp(512, 128), Work::cnn, Work::lstm, Work::transformer);
    }

    /// {@return all of them, with so many samples in a batch}
    ///
    /// @param batch from 1
    public static List<Supplier<Work>> all(int batch) {
        return List.of(
                () -> mlp(128, batch),
                () -> mlp(512, batch),
                () -> cnn(batch),
                () -> lstm(batch, 64),
                () -> transformer(4, batch, 64, 128));
    }

    /// {@return small ones of each kind, for a test of the bench itself}
    public static List<Supplier<Work>> tiny() {
        return List.of(
                () -> mlp(8, 4), () -> cnn(2), () -> lstm(2, 3), () -> transformer(1, 2, 8, 16));
    }

    private static Work mlp(int width, int batch) {
        Layer model =
                Sequential.of(
                        Linear.of(784, width),
                        Activation.RELU,
                        Linear.of(width, width),
                        Activation.RELU,
                        Linear.of(width, 10));
        String name = "mlp 784-%1$d-%1$d-10, batch %2$d".formatted(width, batch);
        return of(name, Kind.MLP, model, numbers(batch, 784), classes(batch, 10));
    }

    private static Work cnn() {
        return cnn(64);
    }

    private static Work cnn(int batch) {
        Layer model =
                Sequential.of(
                        Conv2d.of(1, 32, 3, config -> config.padding(1)),
                        Activation.RELU,
                        Pooling.of(2, 2)::max,
                        Conv2d.of(32, 64, 3, config -> config.padding(1)),
                        Activation.RELU,
                        Pooling.of(2, 2)::max,
                        x -> x.flatten(1),
                        Linear.of(64 * 7 * 7, 128),
                        Activation.RELU,
                        Linear.of(128, 10));
        String name = "cnn 1-32-64, batch " + batch;
        return of(name, Kind.CNN, model, numbers(batch, 1, 28, 28), classes(batch, 10));
    }

    private static Work lstm() {
        return lstm(32, 64);
    }

    private static Work lstm(int batch, int steps) {
        String name = "lstm 64-128, %d steps, batch %d".formatted(steps, batch);
        return of(name, Kind.LSTM, new LastOutput(), numbers(batch, steps, 64), classes(batch, 10));
    }

    private static Work transformer() {
        return transformer(4, 12, 64, 128);
    }

    private static Work transformer(int blocks, int batch, int places, int width) {
        var model = new Characters(blocks, places, width);
        String name = "transformer %d x %d, batch %d".formatted(blocks, width, batch);
        Tensor input = classes(batch * places, Characters.KINDS).reshape(batch, places);
        return of(name, Kind.TRANSFORMER, model, input, classes(batch * places, Characters.KINDS));
    }

    private static Work of(String name, Kind kind, Layer layer, Tensor input, Tensor target) {
        Module model = (Module) layer;
        model.initialize(KEY);
        return new Work(
                name,
                kind,
                model,
                input,
                target,
                (x, y) -> Losses.crossEntropy(layer.apply(x), y),
                LOW_RATE);
    }

    private static Tensor numbers(int... sizes) {
        return Tensor.normal(KEY.fold("input"), Shape.of(sizes));
    }

    private static Tensor classes(int count, int kinds) {
        RandomKey key = KEY.fold("target");
        long[] classes = new long[count];
        for (int i = 0; i < count; i++) {
            classes[i] = key.below(i, kinds);
        }
        return Tensor.of(classes);
    }

    private static final class LastOutput extends Module implements Layer {
        private final Lstm lstm = child("lstm", Lstm.of(64, 128));
        private final Linear out = child("out", Linear.of(128, 10));

        @Override
        public Tensor apply(Tensor x) {
            return out.apply(lstm.apply(x).select(1, -1));
        }
    }

    private static final class Characters extends Module implements Layer {
        private static final int KINDS = 81;

        private final Embedding characters;
        private final Embedding places;
        private final Sequential blocks;
        private final LayerNorm norm;
        private final Linear out;

        Characters(int blocks, int places, int width) {
            characters = child("characters", Embedding.of(KINDS, width));
            this.places = child("places", Embedding.of(places, width));
            Layer[] each = new Layer[blocks];
            for (int i = 0; i < blocks; i++) {
                each[i] = TransformerBlock.of(width, 4, config -> config.causal());
            }
            this.blocks = child("blocks", Sequential.of(each));
            norm = child("norm", LayerNorm.of(width));
            out = child("out", Linear.of(width, KINDS));
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor places = this.places.apply(Tensor.arange(x.size(1)));
            Tensor y = blocks.apply(characters.apply(x).add(places));
            return out.apply(norm.apply(y)).reshape(x.size(0) * x.size(1), KINDS);
        }
    }
}
