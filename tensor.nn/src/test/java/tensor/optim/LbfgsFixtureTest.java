package tensor.optim;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.fixtures.Fixture;

/// L-BFGS against PyTorch, step by step.
class LbfgsFixtureTest {
    /// Line searches branch on comparisons, so rounding grows.
    private static final double RELATIVE = 1e-6;

    private static final double ABSOLUTE = 1e-9;

    @TestFactory
    Stream<DynamicTest> stepsAreThoseOfPyTorch() {
        return Fixture.casesOf("optimizers.json").stream()
                .filter(it -> it.text("optimizer").equals("LBFGS"))
                .map(it -> dynamicTest(it.text("id"), () -> check(it)));
    }

    private static void check(Fixture fixture) {
        Parameter x = Parameter.of(fixture.list("params").getFirst().tensor());
        Fixture settings = fixture.object("hyperparams");
        Optimizer optimizer =
                Lbfgs.of(
                        List.of(x),
                        settings.number("lr"),
                        config -> {
                            config.maxIterations((int) settings.number("max_iter"))
                                    .maxEvaluations((int) settings.number("max_eval"))
                                    .toleranceGradient(settings.number("tolerance_grad"))
                                    .toleranceChange(settings.number("tolerance_change"))
                                    .historySize((int) settings.number("history_size"));
                            if (settings.has("line_search_fn")) {
                                config.strongWolfe();
                            }
                        });
        Fixture objective = fixture.object("objective");

        int number = 0;
        for (Fixture step : fixture.list("steps")) {
            String where = "step " + number++;
            TensorScope.run(where, () -> step(step, optimizer, x, objective, where));
        }

        Fixture last = fixture.list("final_state").getFirst();
        var dict = optimizer.stateDict();
        for (String name : List.of("func_evals", "n_iter")) {
            assertEquals((long) last.number(name), requireNonNull(dict.get(name)).itemLong(), name);
        }
    }

    private static void step(
            Fixture step, Optimizer optimizer, Parameter x, Fixture objective, String where) {
        List<Double> losses = new ArrayList<>();

        boolean made =
                optimizer.step(() -> {
                    double loss =
                            TensorScope.call(
                                    "closure",
                                    _ -> {
                                        optimizer.zeroGrad();
                                        Tensor it = loss(x.value(), objective);
                                        it.backward();
                                        return it.item();
                                    });
                    losses.add(loss);
                    return OptionalDouble.of(loss);
                });

        assertTrue(made);
        assertClose(step.number("loss_returned"), losses.getFirst(), where);
        assertEquals((int) step.number("closure_calls"), losses.size(), where);
        assertClose(step.number("loss_after"), loss(x.value(), objective).item(), where);
        step.list("params_after").getFirst().assertEqualTo(x.value(), RELATIVE, ABSOLUTE, where);
    }

    private static void assertClose(double expected, double actual, String where) {
        assertEquals(expected, actual, ABSOLUTE + RELATIVE * Math.abs(expected), where);
    }

    private static Tensor loss(Tensor x, Fixture objective) {
        if (objective.text("kind").equals("quadratic")) {
            Tensor a = objective.object("A").tensor();
            Tensor b = objective.object("b").tensor();
            return x.mul(a.matMul(x)).sum().mul(0.5).sub(b.mul(x).sum());
        }
        Tensor head = x.slice(0, 0, x.elementCount() - 1);
        Tensor tail = x.slice(0, 1, x.elementCount());
        return tail.sub(head.square()).square().mul(100).add(head.neg().add(1).square()).sum();
    }
}
