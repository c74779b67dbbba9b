package bench.steps;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import bench.Side;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The same training step by DJL and its PyTorch engine, from the same first values. It has a libtorch of its own, so a
/// JVM runs this or [LibtorchStep], not both.
public final class DjlStep implements Side {
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);
    private static final int HEADS = 4;

    private final Work.Kind kind;
    private final Engine engine;
    private final NDManager manager;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final NDArray input;
    private final NDArray target;
    private final Loss loss = new SoftmaxCrossEntropyLoss("loss", 1, -1, true, true);
    private final Adam adam;

    /// A step of this work.
    ///
    /// @param work what is learned; its values are copied
    /// @param threads how many compute
    /// @throws LinkageError if its native library is not there; it is not downloaded
    public DjlStep(Work work, int threads) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        kind = work.kind();
        var rate = Tracker.fixed((float) work.rate());
        adam = Adam.builder().optLearningRateTracker(rate).build();
        engine = engine();
        manager = engine.newBaseManager();
        input = copy(work.input());
        target = copy(work.target());
        work.model()
                .namedParameters()
                .forEach((name, parameter) -> {
                    NDArray own = copy(parameter.value().detach());
                    own.setRequiresGradient(true);
                    parameters.put(name, own);
                });
    }

    private static Engine engine() {
        try {
            return Engine.getEngine("PyTorch");
        } catch (EngineException e) {
            throw new LinkageError("its native library does not load: " + e.getMessage(), e);
        }
    }

    private NDArray copy(tensor.api.Tensor x) {
        var shape = new Shape(Arrays.stream(x.shape().sizes()).asLongStream().toArray());
        return x.dtype().isFloating()
                ? manager.create(x.toFloats(), shape)
                : manager.create(x.toLongs(), shape);
    }

    @Override
    public double run() {
        try (NDManager step = manager.newSubManager();
                GradientCollector gradients = engine.newGradientCollector()) {
            NDArray x = input.duplicate();
            x.attach(step);
            NDArray value = loss.evaluate(new NDList(target), new NDList(output(x)));
            gradients.backward(value);
            parameters.forEach((name, parameter) -> {
                try (NDArray gradient = parameter.getGradient()) {
                    adam.update(name, parameter, gradient);
                }
            });
            return value.getFloat();
        }
    }

    private NDArray output(NDArray x) {
        return switch (kind) {
            case MLP -> dense("4", Activation.relu(dense("2", Activation.relu(dense("0", x)))));
            case CNN -> {
                NDArray first = pooled(Activation.relu(convolved("0", x)));
                NDArray second = pooled(Activation.relu(convolved("3", first)));
                NDArray rows = second.reshape(second.size(0), -1);
                yield dense("9", Activation.relu(dense("7", rows)));
            }
            case LSTM -> dense("out", outputs(x).get(":, -1"));
            case TRANSFORMER -> {
                NDArray y = embedded(x).add(of("places.weight"));
                for (int i = 0; parameters.containsKey("blocks." + i + ".norm1.weight"); i++) {
                    y = block("blocks." + i + ".", y);
                }
                NDArray logits = dense("out", normed("norm", y));
                yield logits.reshape(-1, logits.size(2));
            }
        };
    }

    private NDArray embedded(NDArray x) {
        return Embedding.embedding(x, of("characters.weight"), SparseFormat.DENSE)
                .singletonOrThrow();
    }

    private NDArray block(String name, NDArray x) {
        NDArray y = x.add(attended(name + "self_attn", normed(name + "norm1", x)));
        NDArray inner = Activation.gelu(dense(name + "linear1", normed(name + "norm2", y)));
        return y.add(dense(name + "linear2", inner));
    }

    /// DJL has no fused attention.
    private NDArray attended(String name, NDArray x) {
        long batch = x.size(0);
        long places = x.size(1);
        long width = x.size(2);
        NDArray all =
                linear(x, name + ".in_proj_weight", name + ".in_proj_bias")
                        .reshape(batch, places, 3, HEADS, width / HEADS)
                        .transpose(2, 0, 3, 1, 4);
        NDArray scores =
                all.get(0)
                        .matMul(all.get(1).transpose(0, 1, 3, 2))
                        .div(Math.sqrt((double) width / HEADS));
        NDArray y = scores.add(later(x.getManager(), places)).softmax(-1).matMul(all.get(2));
        return dense(name + ".out_proj", y.transpose(0, 2, 1, 3).reshape(batch, places, width));
    }

    /// {@return a number far below all scores where a place would look at a later one, else 0}
    private static NDArray later(NDManager step, long places) {
        NDArray place = step.arange(Math.toIntExact(places));
        return place.reshape(1, places)
                .gt(place.reshape(places, 1))
                .toType(DataType.FLOAT32, false)
                .mul(-1e9f);
    }

    private NDArray outputs(NDArray x) {
        NDArray zeros = x.getManager().zeros(new Shape(1, x.size(0), 128));
        var weights =
                new NDList(
                        of("lstm.weight_ih_l0"),
                        of("lstm.weight_hh_l0"),
                        of("lstm.bias_ih_l0"),
                        of("lstm.bias_hh_l0"));
        return x.getNDArrayInternal()
                .lstm(x, new NDList(zeros, zeros), weights, true, 1, 0, true, false, true)
                .head();
    }

    private NDArray normed(String name, NDArray x) {
        var width = new Shape(x.size(2));
        return LayerNorm.layerNorm(x, width, of(name + ".weight"), of(name + ".bias"), 1e-5f)
                .singletonOrThrow();
    }

    private NDArray convolved(String name, NDArray x) {
        return Conv2d.conv2d(x, of(name + ".weight"), of(name + ".bias"), ONE, ONE)
                .singletonOrThrow();
    }

    private static NDArray pooled(NDArray x) {
        return Pool.maxPool2d(x, TWO, TWO, new Shape(0, 0), false);
    }

    private NDArray dense(String name, NDArray x) {
        return linear(x, name + ".weight", name + ".bias");
    }

    private NDArray linear(NDArray x, String weight, String bias) {
        return Linear.linear(x, of(weight), of(bias)).singletonOrThrow();
    }

    private NDArray of(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }
}
