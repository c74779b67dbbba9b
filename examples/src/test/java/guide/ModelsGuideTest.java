package guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.AnomalyException;
import tensor.api.AnomalyMode;
import tensor.api.Gradients;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.io.TensorFile;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.nn.Activation;
import tensor.nn.AttentionMask;
import tensor.nn.BatchNorm;
import tensor.nn.Conv2d;
import tensor.nn.Embedding;
import tensor.nn.Fan;
import tensor.nn.Gain;
import tensor.nn.Init;
import tensor.nn.Layer;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.Lstm;
import tensor.nn.Module;
import tensor.nn.Pooling;
import tensor.nn.Recurrent;
import tensor.nn.Sequential;
import tensor.nn.TransformerBlock;
import tensor.optim.Adam;
import tensor.optim.AdamW;
import tensor.optim.Clipping;
import tensor.optim.Optimizer;
import tensor.optim.ParameterAverage;

/// Models, as `models.md` shows them.
class ModelsGuideTest {
    @TempDir private Path folder;

    private final RandomKey key = RandomKey.of(1);

    // @start region=module
    static final class Digits extends Module implements Layer {
        private final Layer net =
                child(
                        "net",
                        Sequential.of(
                                Conv2d.of(1, 8, 3, config -> config.padding(1)),
                                Activation.RELU,
                                Pooling.of(2, 2)::max,
                                BatchNorm.of(8),
                                x -> x.flatten(1),
                                Linear.of(8 * 4 * 4, 10)));

        @Override
        public Tensor apply(Tensor x) {
            return net.apply(x);
        }
    }

    // @end region=module

    @Test
    void aModuleShowsWhatItIsMadeOf() {
        Digits model = new Digits();
        model.initialize(key);
        // @start region=summary
        System.out.print(model.summary());
        // @end region=summary

        assertEquals(
                Snippets.block("models.md", model.summary().lines().findFirst().orElseThrow()),
                model.summary());
        assertEquals(
                Shape.of(5, 10), model.apply(Tensor.normal(key, Shape.of(5, 1, 8, 8))).shape());
    }

    @Test
    void firstValuesAreChosen() {
        // @start region=init
        Linear hidden =
                Linear.of(
                        64,
                        32,
                        config ->
                                config.weight(Init.kaimingNormal(Gain.leakyRelu(0.1), Fan.OUT))
                                        .bias(Init.zeros()));
        Linear out = Linear.of(32, 10, config -> config.weight(Init.orthogonal(Gain.LINEAR)));
        // @end region=init

        assertEquals(0, hidden.initialize(key).bias().orElseThrow().value().abs().max().item());
        Tensor rows = out.initialize(key).weight().value();
        assertEquals(10, rows.square().sum().item(), 1e-4);
    }

    @Test
    void aStepIsClippedAndAveraged() {
        Linear net = Linear.of(1, 1).initialize(key);
        Tensor x = Tensor.of(new float[] {1, 2}, Shape.of(2, 1));
        Tensor y = Tensor.of(new float[] {3, 5}, Shape.of(2, 1));
        // @start region=steps
        Optimizer optimizer =
                Optimizer.of(
                        AdamW.group(List.of(net.weight()), 1e-3, config -> config.weightDecay(0.1)),
                        AdamW.group(List.of(net.bias().orElseThrow()), 2e-3));
        ParameterAverage average = ParameterAverage.exponential(net.parameters(), 0.99);

        optimizer.zeroGrad();
        Losses.mse(net.apply(x), y).backward();
        Clipping.clipGradientNorm(net.parameters(), 1.0, 2);
        optimizer.step();
        average.update();

        average.swap(); // the net has the means now
        double loss = Losses.mse(net.apply(x), y).item();
        average.swap(); // and its own values again
        // @end region=steps

        assertTrue(loss > 0);
    }

    @Test
    void aStepLetsGradientsThrough() {
        Parameter given = Parameter.of(Tensor.of(-0.4f, 1.6f));
        Tensor x = given.value();
        // @start region=custom
        Tensor open =
                Tensor.custom(
                        "step",
                        List.of(x),
                        in -> in.getFirst().greater(0).cast(DType.FLOAT32),
                        (_, _, _, cotangent) -> cotangent);
        open.mul(3).sum().backward();
        // @end region=custom

        assertArrayEquals(new float[] {0, 1}, open.toFloats());
        assertArrayEquals(new float[] {3, 3}, given.grad().orElseThrow().toFloats());
    }

    @Test
    void aStepCostsTheRowsThatAreLookedUp() {
        Tensor batch = Tensor.of(new long[] {7, 40_000, 7, 123}, Shape.of(2, 2));
        // @start region=rows
        Embedding words = Embedding.of(50_000, 64).rowSparse().initialize(key);
        Optimizer optimizer = Adam.of(words.parameters(), 1e-3);
        words.apply(batch).square().mean().backward();
        optimizer.step(); // changes the rows that are looked up, and the moments of these rows
        // @end region=rows

        assertArrayEquals(
                new long[] {7, 123, 40_000},
                words.weight().rowGrad().orElseThrow().rows().toLongs());
    }

    @Test
    void aSequenceGoesOn() {
        Tensor x = Tensor.normal(key, Shape.of(2, 5, 16));
        Tensor further = Tensor.normal(key.fold("further"), Shape.of(2, 3, 16));
        Tensor padding = Tensor.zeros(Shape.of(2, 5), DType.BOOL);
        // @start region=sequences
        Lstm lstm = Lstm.of(16, 32, config -> config.layers(2)).initialize(key);
        Recurrent.Result first = lstm.run(x);
        Recurrent.Result next =
                lstm.run(further, first.state()); // goes on where the first has ended
        TransformerBlock block =
                TransformerBlock.of(16, 4, config -> config.causal()).initialize(key);
        Tensor y = block.apply(x, AttentionMask.ignoring(padding)); // [batch, places], bool
        // @end region=sequences

        assertEquals(Shape.of(2, 3, 32), next.outputs().shape());
        assertEquals(x.shape(), y.shape());
    }

    @Test
    void aModelIsAFunctionOfItsParameters() {
        Tensor x = Tensor.of(new float[] {1, 2}, Shape.of(2, 1));
        Tensor y = Tensor.of(new float[] {3, 5}, Shape.of(2, 1));
        // @start region=function
        Linear line = Linear.of(1, 1).initialize(key);
        Tensor before = Losses.mse(line.apply(x), y);
        List<Tensor> slopes = Gradients.differentiable(before, line.parameters());
        Map<String, Tensor> adapted =
                Map.of(
                        "weight", line.weight().value().sub(slopes.get(0).mul(0.1)),
                        "bias", line.bias().orElseThrow().value().sub(slopes.get(1).mul(0.1)));
        Tensor after = line.with(adapted, () -> Losses.mse(line.apply(x), y));
        after.backward(); // through the step that was taken
        // @end region=function

        assertTrue(after.item() < before.item());
        assertTrue(line.weight().grad().isPresent());
    }

    @Test
    void aStateGoesThroughAFile() throws IOException {
        Digits model = new Digits();
        model.initialize(key);
        Digits other = new Digits();
        Path file = folder.resolve("model.safetensors");
        // @start region=files
        TensorFile.ofTensors(model.stateDict()).write(file);
        other.loadStateDict(TensorFile.read(file).tensors());
        // @end region=files

        Tensor x = Tensor.normal(key, Shape.of(2, 1, 8, 8));
        assertArrayEquals(model.apply(x).toFloats(), other.apply(x).toFloats());
    }

    @Test
    void weightsOfPyTorchAreLoaded() throws IOException {
        Digits trained = new Digits();
        trained.initialize(key.fold("trained"));
        Map<String, Tensor> entries = new LinkedHashMap<>(trained.stateDict());
        entries.put("net.3.num_batches_tracked", Tensor.scalar(100L));
        Path weights = folder.resolve("weights.safetensors");
        TensorFile.ofTensors(entries).write(weights);
        Digits model = new Digits();
        // @start region=weights
        model.initialize(key); // the random streams, such as those of dropout
        model.loadWeights(TensorFile.read(weights).tensors());
        // @end region=weights

        Tensor x = Tensor.normal(key, Shape.of(2, 1, 8, 8));
        assertArrayEquals(trained.apply(x).toFloats(), model.apply(x).toFloats());
    }

    @Test
    void theFirstNaNIsFound() {
        // @start region=anomaly
        Tensor scale = Tensor.of(4f, -1f);
        var error = assertThrows(AnomalyException.class, () -> AnomalyMode.in(() -> scale.sqrt()));
        // sqrt: the result, [2], has NaN at [1]; called at guide.ModelsGuideTest…
        // @end region=anomaly

        assertTrue(
                String.valueOf(error.getMessage())
                        .startsWith(
                                "sqrt: the result, [2], has NaN at [1]; called at guide.ModelsGuideTest.lambda$"));
    }
}
