package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.io.TensorFile;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Weights that were made elsewhere.
class LoadWeightsTest {
    private static final RandomKey KEY = RandomKey.of(3);

    @TempDir private Path folder;

    /// In PyTorch: `Sequential(TransformerEncoderLayer(4, 2, 8), …, BatchNorm1d(3))`.
    private static Sequential encoder() {
        return Sequential.of(
                TransformerBlock.of(4, 2, config -> config.hidden(8).dropout(0.5)),
                Activation.IDENTITY,
                BatchNorm.of(3));
    }

    /// What `state_dict()` of PyTorch's module has.
    private static Map<String, Tensor> ofPyTorch() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        put(weights, "0.self_attn.in_proj_weight", 12, 4);
        put(weights, "0.self_attn.in_proj_bias", 12);
        put(weights, "0.self_attn.out_proj.weight", 4, 4);
        put(weights, "0.self_attn.out_proj.bias", 4);
        put(weights, "0.linear1.weight", 8, 4);
        put(weights, "0.linear1.bias", 8);
        put(weights, "0.linear2.weight", 4, 8);
        put(weights, "0.linear2.bias", 4);
        put(weights, "0.norm1.weight", 4);
        put(weights, "0.norm1.bias", 4);
        put(weights, "0.norm2.weight", 4);
        put(weights, "0.norm2.bias", 4);
        put(weights, "2.weight", 3);
        put(weights, "2.bias", 3);
        put(weights, "2.running_mean", 3);
        put(weights, "2.running_var", 3);
        weights.put("2.num_batches_tracked", Tensor.scalar(7L));
        return weights;
    }

    private static void put(Map<String, Tensor> weights, String path, int... sizes) {
        weights.put(path, Tensor.normal(KEY.fold(path), Shape.of(sizes)));
    }

    @Test
    void aFileWithTheNamesOfPyTorchIsLoaded() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Map<String, Tensor> weights = ofPyTorch();
        TensorFile.ofTensors(weights).write(file);
        Sequential model = encoder();
        model.initialize(KEY);
        Map<String, Tensor> before = model.stateDict();

        model.loadWeights(TensorFile.read(file).tensors());

        Map<String, Tensor> after = model.stateDict();
        weights.remove("2.num_batches_tracked");
        weights.forEach((path, tensor) ->
                assertArrayEquals(
                        tensor.toFloats(),
                        after.getOrDefault(path, tensor.neg()).toFloats(),
                        path));
        for (String random : new String[] {"0.dropout.random", "0.dropout2.random"}) {
            assertArrayEquals(
                    before.getOrDefault(random, Tensor.of(0L)).toLongs(),
                    after.getOrDefault(random, Tensor.of(1L)).toLongs());
        }
    }

    @Test
    void aStateOfOurOwnIsLoadedWithoutItsRandomStreams() {
        Sequential trained = encoder();
        trained.initialize(KEY);
        Sequential model = encoder();
        model.initialize(KEY.fold("other"));

        model.loadWeights(trained.stateDict());

        assertArrayEquals(
                trained.parameters().getFirst().value().toFloats(),
                model.parameters().getFirst().value().toFloats());
        assertArrayEquals(stream(encoder().initialize(KEY.fold("other"))), stream(model));
    }

    private static long[] stream(Module model) {
        return Objects.requireNonNull(model.stateDict().get("0.dropout.random")).toLongs();
    }

    @Test
    void whatIsNotInitializedTakesTheTypeOfTheWeights() {
        Linear linear = Linear.of(1, 1);

        linear.loadWeights(
                Map.of(
                        "weight",
                        Tensor.of(new double[] {2}, Shape.of(1, 1)),
                        "bias",
                        Tensor.of(3.0)));

        assertEquals(DType.FLOAT64, linear.weight().value().dtype());
    }

    @Test
    void everythingElseIsStrict() {
        Map<String, Tensor> weights = ofPyTorch();
        weights.put("0.num_batches_tracked", Tensor.scalar(7L));
        weights.remove("2.running_var");
        Sequential model = encoder();
        model.initialize(KEY);
        float[] before = model.parameters().getFirst().value().toFloats();

        assertEquals(
                "loadWeights: missing [2.running_var], unknown [0.num_batches_tracked]; a state fits a module of the same parts",
                assertThrows(IllegalArgumentException.class, () -> model.loadWeights(weights))
                        .getMessage());
        assertArrayEquals(before, model.parameters().getFirst().value().toFloats());
    }
}
