package tensor.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.fixtures.Fixture;
import tensor.optim.Adam;
import tensor.optim.Clipping;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// A small perceptron, trained as in PyTorch: the loss of every step and the final weights.
class TrainingFixtureTest {
    private static final class Perceptron extends Module implements Layer {
        private final Linear first;
        private final Linear second;

        Perceptron(double[] sizes) {
            first = child("l1", Linear.of((int) sizes[0], (int) sizes[1]));
            second = child("l2", Linear.of((int) sizes[1], (int) sizes[2]));
        }

        @Override
        public Tensor apply(Tensor x) {
            return second.apply(first.apply(x).relu());
        }
    }

    @TestFactory
    Stream<DynamicTest> lossesAndWeightsAreThoseOfPyTorch() {
        return Fixture.casesOf("training.json").stream()
                .map(it -> dynamicTest(it.text("id"), () -> check(it)));
    }

    private static void check(Fixture fixture) {
        Fixture config = fixture.object("config");
        Perceptron model = new Perceptron(config.numbers("sizes"));
        Map<String, Tensor> initial = new LinkedHashMap<>();
        Fixture given = fixture.object("initial_params");
        given.entries().keySet().forEach(it -> initial.put(it, given.object(it).tensor()));
        model.loadStateDict(initial);
        Optimizer optimizer = optimizer(config, model);
        List<Fixture> batches = fixture.list("batches");
        double[] losses = fixture.object("traces").numbers("loss");

        for (int k = 0; k < losses.length; k++) {
            Fixture batch = batches.get(k % batches.size());
            int step = k;
            TensorScope.run(
                    "step " + k,
                    () -> {
                        Tensor loss =
                                Functional.crossEntropy(
                                        model.apply(batch.object("x").tensor()),
                                        batch.object("y").tensor());
                        assertEquals(losses[step], loss.item(), 1e-12, "loss of step " + step);
                        optimizer.zeroGrad();
                        loss.backward();
                        if (config.has("clip_grad_norm")) {
                            Tensor norm =
                                    Clipping.clipGradientNorm(
                                            model.parameters(), config.number("clip_grad_norm"), 2);
                            double[] norms =
                                    fixture.object("traces").numbers("grad_norm_before_clip");
                            assertEquals(norms[step], norm.item(), 1e-11);
                        }
                        optimizer.step();
                    });
        }

        Fixture expected = fixture.object("final_params");
        model.stateDict()
                .forEach((name, value) ->
                        expected.object(name).assertEqualTo(value, 1e-10, 1e-12, name));
    }

    private static Optimizer optimizer(Fixture config, Module model) {
        Fixture settings = config.object("hyperparams");
        double learningRate = settings.number("lr");
        return config.text("optimizer").equals("SGD")
                ? Sgd.of(
                        model.parameters(),
                        learningRate,
                        it -> it.momentum(settings.number("momentum", 0)))
                : Adam.of(
                        model.parameters(),
                        learningRate,
                        it -> it.weightDecay(settings.number("weight_decay", 0)));
    }
}
