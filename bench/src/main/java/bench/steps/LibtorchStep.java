package bench.steps;

import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.lstm;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import bench.Side;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// The same training step by libtorch in this JVM, from the same first values.
public final class LibtorchStep implements Side {
    private final Work.Kind kind;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Tensor input;
    private final Tensor target;
    private final Adam adam;

    /// A step of this work.
    ///
    /// @param work what is learned; its values are copied
    /// @param threads how many compute
    /// @throws LinkageError if libtorch is not there
    public LibtorchStep(Work work, int threads) {
        torch.set_num_threads(threads);
        kind = work.kind();
        input = copy(work.input());
        target = copy(work.target());
        var all = new TensorVector();
        work.model()
                .namedParameters()
                .forEach((name, parameter) -> {
                    Tensor own = copy(parameter.value().detach()).set_requires_grad(true);
                    parameters.put(name, own);
                    all.push_back(own);
                });
        adam = new Adam(all, new AdamOptions(work.rate()));
    }

    private static Tensor copy(tensor.api.Tensor x) {
        long[] shape = Arrays.stream(x.shape().sizes()).asLongStream().toArray();
        return x.dtype().isFloating()
                ? Tensor.create(x.toFloats(), shape)
                : Tensor.create(x.toLongs(), shape);
    }

    @Override
    public double run() {
        try (var _ = new PointerScope()) {
            adam.zero_grad();
            Tensor loss = cross_entropy_loss(output(), target);
            loss.backward();
            adam.step();
            return loss.item_float();
        }
    }

    private Tensor output() {
        return switch (kind) {
            case MLP -> dense("4", relu(dense("2", relu(dense("0", input)))));
            case CNN -> {
                Tensor first = max_pool2d(relu(convolved("0", input)), 2, 2);
                Tensor second = max_pool2d(relu(convolved("3", first)), 2, 2);
                Tensor rows = second.reshape(second.size(0), -1);
                yield dense("9", relu(dense("7", rows)));
            }
            case LSTM -> dense("out", outputs(input).select(1, input.size(1) - 1));
            case TRANSFORMER -> {
                Tensor places = of("places.weight");
                Tensor y = embedding(of("characters.weight"), input).add(places);
                for (int i = 0; parameters.containsKey("blocks." + i + ".norm1.weight"); i++) {
                    y = block("blocks." + i + ".", y);
                }
                Tensor logits = dense("out", normed("norm", y));
                yield logits.reshape(-1, logits.size(2));
            }
        };
    }

    private Tensor block(String name, Tensor x) {
        Tensor y = x.add(attended(name + "self_attn", normed(name + "norm1", x)));
        Tensor inner = gelu(dense(name + "linear1", normed(name + "norm2", y)));
        return y.add(dense(name + "linear2", inner));
    }

    private Tensor attended(String name, Tensor x) {
        long batch = x.size(0);
        long places = x.size(1);
        long width = x.size(2);
        Tensor all =
                linear(x, of(name + ".in_proj_weight"), optional(name + ".in_proj_bias"))
                        .reshape(batch, places, 3, 4, width / 4)
                        .transpose(1, 3);
        Tensor y =
                scaled_dot_product_attention(
                        all.select(2, 0),
                        all.select(2, 1),
                        all.select(2, 2),
                        new TensorOptional(),
                        0,
                        true,
                        new DoubleOptional(),
                        false);
        return dense(name + ".out_proj", y.transpose(1, 2).reshape(batch, places, width));
    }

    private Tensor outputs(Tensor x) {
        Tensor zeros = torch.zeros(1, x.size(0), 128);
        var weights =
                new TensorVector(
                        of("lstm.weight_ih_l0"),
                        of("lstm.weight_hh_l0"),
                        of("lstm.bias_ih_l0"),
                        of("lstm.bias_hh_l0"));
        return lstm(x, new TensorVector(zeros, zeros), weights, true, 1, 0, true, false, true)
                .get0();
    }

    private Tensor normed(String name, Tensor x) {
        long[] width = {x.size(2)};
        return layer_norm(
                x, width, optional(name + ".weight"), optional(name + ".bias"), 1e-5, false);
    }

    private Tensor convolved(String name, Tensor x) {
        long[] one = {1, 1};
        return conv2d(x, of(name + ".weight"), optional(name + ".bias"), one, one, one, 1);
    }

    private Tensor dense(String name, Tensor x) {
        return linear(x, of(name + ".weight"), optional(name + ".bias"));
    }

    private TensorOptional optional(String name) {
        return new TensorOptional(of(name));
    }

    private Tensor of(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }
}
