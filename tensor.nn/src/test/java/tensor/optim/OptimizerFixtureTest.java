package tensor.optim;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.fixtures.Fixture;
import tensor.layout.DType;

/// Optimizers against PyTorch, step by step.
class OptimizerFixtureTest {
    private static final double RELATIVE = 1e-12;
    private static final double ABSOLUTE = 1e-13;

    @TestFactory
    Stream<DynamicTest> parametersAndStatesAreThoseOfPyTorchAfterEveryStep() {
        return Fixture.casesOf("optimizers.json").stream()
                .map(it -> dynamicTest(it.text("id"), () -> check(it)));
    }

    private static void check(Fixture fixture) {
        List<Parameter> parameters =
                fixture.list("params").stream().map(it -> Parameter.of(it.tensor())).toList();
        List<ParameterGroup> groups = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (Fixture group : fixture.list("param_groups")) {
            List<Parameter> chosen = new ArrayList<>();
            for (double index : group.numbers("params")) {
                order.add((int) index);
                chosen.add(parameters.get((int) index));
            }
            groups.add(group(fixture.text("optimizer"), group, chosen));
        }
        Optimizer optimizer = Optimizer.of(groups);

        int number = 0;
        for (Fixture step : fixture.list("steps")) {
            String where = "step " + number++;
            TensorScope.run(where, () -> step(fixture, step, parameters, optimizer, where));
        }

        assertEquals(fixture.text("optimizer"), optimizer.kind());
        List<Fixture> states = fixture.list("final_state");
        var dict = optimizer.stateDict();
        for (int k = 0; k < order.size(); k++) {
            Fixture expected = states.get(order.get(k));
            for (String name : expected.entries().keySet()) {
                if (expected.has(name)) {
                    Tensor actual = requireNonNull(dict.get(k + "." + name), name);
                    checkEntry(name, expected, actual.cast(DType.FLOAT64));
                }
            }
        }
    }

    private static void checkEntry(String name, Fixture expected, Tensor actual) {
        if (expected.entries().get(name) instanceof Fixture tensor) {
            tensor.assertEqualTo(actual, RELATIVE, ABSOLUTE, name);
        } else {
            assertEquals(expected.number(name), actual.item(), ABSOLUTE, name);
        }
    }

    private static void step(
            Fixture fixture,
            Fixture step,
            List<Parameter> parameters,
            Optimizer optimizer,
            String where) {
        optimizer.zeroGrad();
        setGradients(parameters, step.array("grads"));
        if (step.has("set_lr_before")) {
            optimizer.learningRate(step.number("set_lr_before"));
        }
        if (fixture.has("clip")) {
            clip(fixture.object("clip"), step, parameters, where);
        }

        optimizer.step();

        List<Fixture> after = step.list("params_after");
        for (int i = 0; i < after.size(); i++) {
            after.get(i)
                    .assertEqualTo(parameters.get(i).value(), RELATIVE, ABSOLUTE, where + " " + i);
        }
    }

    private static void clip(Fixture clip, Fixture step, List<Parameter> parameters, String where) {
        if (clip.text("kind").equals("norm")) {
            Tensor norm =
                    Clipping.clipGradientNorm(
                            parameters, clip.number("max_norm"), clip.number("norm_type"));
            assertEquals(step.number("total_norm"), norm.item(), 1e-12, where);
        } else {
            Clipping.clipGradientValue(parameters, clip.number("clip_value"));
        }
        List<@Nullable Object> clipped = step.array("clipped_grads");
        for (int i = 0; i < clipped.size(); i++) {
            if (clipped.get(i) instanceof Fixture expected) {
                Tensor actual = parameters.get(i).grad().orElseThrow();
                expected.assertEqualTo(actual, RELATIVE, ABSOLUTE, where + " gradient " + i);
            }
        }
    }

    private static void setGradients(List<Parameter> parameters, List<@Nullable Object> gradients) {
        for (int i = 0; i < parameters.size(); i++) {
            if (gradients.get(i) instanceof Fixture gradient) {
                parameters.get(i).grad(gradient.tensor());
            }
        }
    }

    private static ParameterGroup group(String name, Fixture group, List<Parameter> parameters) {
        if (name.equals("SGD")) {
            return Sgd.group(
                    parameters,
                    group.number("lr"),
                    config -> {
                        config.momentum(group.number("momentum"))
                                .dampening(group.number("dampening"))
                                .weightDecay(group.number("weight_decay"));
                        if (group.flag("nesterov")) {
                            config.nesterov();
                        }
                        if (group.flag("maximize")) {
                            config.maximize();
                        }
                    });
        }
        return Adam.group(
                parameters,
                group.number("lr"),
                config -> {
                    double[] betas = group.numbers("betas");
                    config.betas(betas[0], betas[1])
                            .epsilon(group.number("eps"))
                            .weightDecay(group.number("weight_decay"));
                    if (name.equals("AdamW")) {
                        config.decoupled();
                    }
                    if (group.flag("amsgrad")) {
                        config.amsgrad();
                    }
                    if (group.flag("maximize")) {
                        config.maximize();
                    }
                });
    }
}
