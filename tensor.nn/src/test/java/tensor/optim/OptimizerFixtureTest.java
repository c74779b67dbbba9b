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

    /// PyTorch keeps NAdam's product of momenta in float32, and what follows from it is off by so much.
    private static final double OF_FLOAT32 = 1e-7;

    private static final double BEHIND_FLOAT32 = 1e-9;

    @TestFactory
    Stream<DynamicTest> parametersAndStatesAreThoseOfPyTorchAfterEveryStep() {
        return Fixture.casesOf("optimizers.json").stream()
                .filter(it -> !it.text("optimizer").equals("LBFGS"))
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
                    checkEntry(name, expected, actual.cast(DType.FLOAT64), absolute(optimizer));
                }
            }
        }
    }

    private static double absolute(Optimizer optimizer) {
        return optimizer.kind().equals("NAdam") ? BEHIND_FLOAT32 : ABSOLUTE;
    }

    private static void checkEntry(String name, Fixture expected, Tensor actual, double absolute) {
        if (expected.entries().get(name) instanceof Fixture tensor) {
            tensor.assertEqualTo(actual, RELATIVE, absolute, name);
        } else {
            double tolerance = name.equals("mu_product") ? OF_FLOAT32 : absolute;
            assertEquals(expected.number(name), actual.item(), tolerance, name);
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
            double absolute = absolute(optimizer);
            after.get(i)
                    .assertEqualTo(parameters.get(i).value(), RELATIVE, absolute, where + " " + i);
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
        double rate = group.number("lr");
        return switch (name) {
            case "SGD" ->
                    Sgd.group(
                            parameters,
                            rate,
                            config -> {
                                config.momentum(group.number("momentum"))
                                        .dampening(group.number("dampening"));
                                if (group.flag("nesterov")) {
                                    config.nesterov();
                                }
                                common(config, group);
                            });
            case "Adam" -> Adam.group(parameters, rate, config -> adam(config, group));
            case "AdamW" -> AdamW.group(parameters, rate, config -> adam(config, group));
            case "RMSprop" ->
                    RmsProp.group(
                            parameters,
                            rate,
                            config -> {
                                config.alpha(group.number("alpha"))
                                        .epsilon(group.number("eps"))
                                        .momentum(group.number("momentum"));
                                if (group.flag("centered")) {
                                    config.centered();
                                }
                                common(config, group);
                            });
            case "Adagrad" ->
                    Adagrad.group(
                            parameters,
                            rate,
                            config -> {
                                config.rateDecay(group.number("lr_decay"))
                                        .initialAccumulator(
                                                group.number("initial_accumulator_value"))
                                        .epsilon(group.number("eps"));
                                common(config, group);
                            });
            case "Adadelta" ->
                    Adadelta.group(
                            parameters,
                            rate,
                            config -> {
                                config.rho(group.number("rho")).epsilon(group.number("eps"));
                                common(config, group);
                            });
            case "Adamax" -> Adamax.group(parameters, rate, config -> moments(config, group));
            case "NAdam" ->
                    NAdam.group(
                            parameters,
                            rate,
                            config -> {
                                config.momentumDecay(group.number("momentum_decay"));
                                if (group.flag("decoupled_weight_decay")) {
                                    config.decoupled();
                                }
                                moments(config, group);
                            });
            case "RAdam" ->
                    RAdam.group(
                            parameters,
                            rate,
                            config -> {
                                if (group.flag("decoupled_weight_decay")) {
                                    config.decoupled();
                                }
                                moments(config, group);
                            });
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static void adam(Adam.Config config, Fixture group) {
        if (group.flag("amsgrad")) {
            config.amsgrad();
        }
        moments(config, group);
    }

    private static void moments(BetaSettings<?> config, Fixture group) {
        double[] betas = group.numbers("betas");
        config.betas(betas[0], betas[1]);
        config.epsilon(group.number("eps"));
        common(config, group);
    }

    private static void common(CommonSettings<?> config, Fixture group) {
        config.weightDecay(group.number("weight_decay"));
        if (group.flag("maximize")) {
            config.maximize();
        }
    }
}
