package tensor.optim;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.Shape;

class OptimizerTest {
    private final Parameter weight = Parameter.of(Tensor.of(1.0, -2.0));
    private final Parameter bias = Parameter.of(Tensor.of(0.5));

    private static void pull(Optimizer optimizer, int step) {
        TensorScope.run(
                "step " + step,
                () -> {
                    optimizer.zeroGrad();
                    Tensor loss = Tensor.scalar(0.0);
                    for (Parameter parameter : optimizer.parameters()) {
                        loss = loss.add(parameter.value().sub(3 + step).square().sum());
                    }
                    loss.backward();
                    optimizer.step();
                });
    }

    @Test
    void aStepGoesAgainstTheGradient() {
        Optimizer optimizer = Sgd.of(List.of(weight, bias), 0.5);
        weight.grad(Tensor.of(2.0, 4.0));

        optimizer.step();

        assertArrayEquals(new double[] {0, -4}, weight.value().toDoubles());
        assertArrayEquals(new double[] {0.5}, bias.value().toDoubles());
        assertTrue(weight.value().tracked());
    }

    @Test
    void zeroGradTakesTheGradientsAway() {
        Optimizer optimizer = Sgd.of(List.of(weight), 0.5);
        weight.grad(Tensor.of(2.0, 4.0));

        optimizer.zeroGrad();
        optimizer.step();

        assertTrue(weight.grad().isEmpty());
        assertArrayEquals(new double[] {1, -2}, weight.value().toDoubles());
    }

    @Test
    void withoutParametersThereIsNothingToDo() {
        Optimizer optimizer = Adam.of(List.of(), 0.1);

        optimizer.step();

        assertEquals(
                List.of("group.0.learning_rate", "group.0.momentum"),
                List.copyOf(optimizer.stateDict().keySet()));
    }

    @Test
    void theLearningRateIsPartOfTheState() {
        Optimizer optimizer = Sgd.of(List.of(weight), 0.5);
        optimizer.learningRate(0.1 / 3);
        Optimizer other = Sgd.of(List.of(bias), 0.5);

        other.loadStateDict(optimizer.stateDict());

        assertEquals(0.1 / 3, other.learningRate());
    }

    @Test
    void aStateThatDoesNotFitChangesNothingAndIsNamed() {
        Optimizer optimizer = Adam.of(List.of(weight, bias), 0.5);
        pull(optimizer, 0);
        double[] before = entry(optimizer.stateDict(), "0.exp_avg");
        Map<String, Tensor> state = new LinkedHashMap<>(optimizer.stateDict());

        assertMessage(
                "loadStateDict: no 'group.0.learning_rate'; found []",
                () -> optimizer.loadStateDict(Map.of()));
        assertMessage(
                "loadStateDict: unknown [2.exp_avg, x]; the optimizer has 2 parameters in 1 groups",
                () ->
                        optimizer.loadStateDict(
                                with(
                                        with(state, "2.exp_avg", Tensor.of(1.0)),
                                        "x",
                                        Tensor.of(1.0))));
        assertMessage(
                "loadStateDict: unknown [1.momentum_buffer]; this optimizer keeps no such state",
                () -> optimizer.loadStateDict(with(state, "1.momentum_buffer", Tensor.of(1.0))));
        assertMessage(
                "loadStateDict: '1.exp_avg' is [2] float64, but its parameter is [1] float64",
                () -> optimizer.loadStateDict(with(state, "1.exp_avg", Tensor.of(1.0, 2.0))));
        assertMessage(
                "loadStateDict: '0.step' is -5; it counts, from 0",
                () -> optimizer.loadStateDict(with(state, "0.step", Tensor.scalar(-5L))));
        assertMessage(
                "loadStateDict: '0.step' is [1] float64, but [] int64 is needed",
                () -> optimizer.loadStateDict(with(state, "0.step", Tensor.of(1.0))));
        state.remove("1.exp_avg_sq");
        assertMessage(
                "loadStateDict: no '1.exp_avg_sq'; found [step, exp_avg]",
                () -> optimizer.loadStateDict(with(state, "0.exp_avg", Tensor.of(7.0, 7.0))));
        assertArrayEquals(before, entry(optimizer.stateDict(), "0.exp_avg"));
    }

    @Test
    void anOptimizerWithoutScopesLeavesOldValuesReadable() {
        Optimizer optimizer = Sgd.of(List.of(weight), 0.5, config -> config.momentum(0.9));
        weight.grad(Tensor.of(2.0, 4.0));
        Tensor before = weight.value();
        optimizer.step();
        Map<String, Tensor> state = optimizer.stateDict();

        optimizer.step();

        assertArrayEquals(new double[] {1, -2}, before.toDoubles());
        assertArrayEquals(new double[] {2, 4}, entry(state, "0.momentum_buffer"));
    }

    @Test
    void settingsOutOfTheirRangeAreErrors() {
        List<Parameter> all = List.of(weight);
        assertMessage(
                "Optimizer: learningRate is -1.0; use a number from 0", () -> Sgd.of(all, -1));
        assertMessage(
                "Optimizer: learningRate is NaN; use a number from 0",
                () -> Adam.of(all, Double.NaN));
        assertMessage(
                "Optimizer: 1 of 2 parameters are there twice; each is changed by one optimizer once",
                () -> Sgd.of(List.of(weight, weight), 1));
        assertMessage(
                "Sgd: momentum is -0.5; use a number from 0",
                () -> Sgd.of(all, 1, config -> config.momentum(-0.5)));
        assertMessage(
                "Sgd: momentum is 0.0 and dampening 0.0; nesterov needs a momentum above 0 and no"
                        + " dampening",
                () -> Sgd.of(all, 1, config -> config.nesterov()));
        assertMessage(
                "Adam: beta2 is 1.0; use a number from 0 to below 1",
                () -> Adam.of(all, 1, config -> config.betas(0.9, 1)));
        assertMessage(
                "AdamW: weightDecay is -1.0; use a number from 0",
                () -> AdamW.of(all, 1, config -> config.weightDecay(-1)));
        assertMessage(
                "RmsProp: alpha is 1.0; use a number from 0 to below 1",
                () -> RmsProp.of(all, 1, config -> config.alpha(1)));
        assertMessage(
                "Adagrad: rateDecay is -1.0; use a number from 0",
                () -> Adagrad.of(all, 1, config -> config.rateDecay(-1)));
        assertMessage(
                "Adadelta: rho is 1.0; use a number from 0 to below 1",
                () -> Adadelta.of(all, 1, config -> config.rho(1)));
        assertMessage(
                "NAdam: momentumDecay is -1.0; use a number from 0",
                () -> NAdam.of(all, 1, config -> config.momentumDecay(-1)));
        assertMessage(
                "RAdam: beta1 is -0.1; use a number from 0 to below 1",
                () -> RAdam.of(all, 1, config -> config.betas(-0.1, 0.9)));
        assertMessage(
                "Adamax: beta2 is 1.0; use a number from 0 to below 1",
                () -> Adamax.of(all, 1, config -> config.betas(0.9, 1)));
        assertMessage(
                "Adam: epsilon is -1.0E-8; use a number from 0",
                () -> Adam.of(all, 1, config -> config.epsilon(-1e-8)));
    }

    @Test
    void everyGroupLearnsInItsOwnWay() {
        Optimizer optimizer =
                Optimizer.of(
                        Sgd.group(List.of(weight), 0.5).named("weight"),
                        Sgd.group(List.of(bias), 0.1, config -> config.weightDecay(2)));
        weight.grad(Tensor.of(2.0, 4.0));
        bias.grad(Tensor.of(1.0));

        optimizer.step();

        assertArrayEquals(new double[] {0, -4}, weight.value().toDoubles());
        assertArrayEquals(new double[] {0.3}, bias.value().toDoubles(), 1e-15);
        assertEquals(List.of(weight, bias), optimizer.parameters());
        assertEquals(Optional.of("weight"), optimizer.groups().getFirst().name());
        assertEquals(Optional.empty(), optimizer.groups().getLast().name());
    }

    @Test
    void ratesAndMomentaOfAllGroupsAreStateAndNothingElseOfThem() {
        Optimizer optimizer = twoKinds();
        optimizer.groups().getFirst().momentum(0.7);
        optimizer.groups().getFirst().learningRate(0.25);
        optimizer.groups().get(1).learningRate(0.125);
        pull(optimizer, 0);
        Optimizer other = twoKinds();

        other.loadStateDict(optimizer.stateDict());

        assertEquals(
                List.of(
                        "group.0.learning_rate",
                        "group.0.momentum",
                        "group.1.learning_rate",
                        "group.1.momentum",
                        "0.momentum_buffer",
                        "1.step",
                        "1.exp_avg",
                        "1.exp_avg_sq"),
                List.copyOf(other.stateDict().keySet()));
        assertEquals(0.25, other.learningRate());
        assertEquals(0.125, other.groups().get(1).learningRate());
        assertEquals(OptionalDouble.of(0.7), other.groups().getFirst().momentum());
        assertEquals(OptionalDouble.of(0.9), other.groups().get(1).momentum());
    }

    private static Optimizer twoKinds() {
        return Optimizer.of(
                Sgd.group(List.of(Parameter.of(Tensor.of(1.0))), 0.5, it -> it.momentum(0.5)),
                Adam.group(List.of(Parameter.of(Tensor.of(2.0))), 0.5));
    }

    @Test
    void theKindNamesTheMethods() {
        assertEquals("SGD", Sgd.of(List.of(), 1).kind());
        assertEquals("Adam", Adam.of(List.of(), 1).kind());
        assertEquals("AdamW", Adam.of(List.of(), 1, config -> config.decoupled()).kind());
        assertEquals("AdamW", AdamW.of(List.of(), 1).kind());
        assertEquals("SGD+Adam", twoKinds().kind());
        assertEquals(
                "SGD", Optimizer.of(Sgd.group(List.of(), 1), Sgd.group(List.of(), 0.5)).kind());
    }

    @Test
    void momentumCanBeSetBetweenSteps() {
        Optimizer changed = Sgd.of(List.of(weight), 1);
        weight.grad(Tensor.of(1.0, 0.0));
        changed.step();
        changed.groups().getFirst().momentum(0.5);
        changed.step();
        changed.step();

        assertArrayEquals(new double[] {1 - 1 - 1 - 1.5, -2}, weight.value().toDoubles());
    }

    @Test
    void aClosureWithoutALossMakesNoStep() {
        Optimizer optimizer = Sgd.of(List.of(weight), 1);
        weight.grad(Tensor.of(1.0, 1.0));

        boolean without = optimizer.step(OptionalDouble::empty);
        double[] before = weight.value().toDoubles();
        boolean with = optimizer.step(() -> OptionalDouble.of(3));

        assertFalse(without);
        assertArrayEquals(new double[] {1, -2}, before);
        assertTrue(with);
        assertArrayEquals(new double[] {0, -3}, weight.value().toDoubles());
        assertFalse(optimizer.reevaluates());
    }

    @Test
    void groupsThatDoNotFitAreErrors() {
        ParameterGroup taken = Sgd.group(List.of(bias), 1);
        Optimizer.of(taken);

        assertEquals(
                "ParameterGroup: this group of 1 parameters belongs to an optimizer already; make another",
                assertThrows(IllegalStateException.class, () -> Optimizer.of(taken)).getMessage());
        assertMessage(
                "Optimizer: there is no group; give at least one, which may be empty",
                () -> Optimizer.of(List.of()));
        assertMessage(
                "Optimizer: groups are named [a, a]; give each a name of its own",
                () ->
                        Optimizer.of(
                                Sgd.group(List.of(), 1).named("a"),
                                Sgd.group(List.of(), 1).named("a")));
        assertMessage(
                "Optimizer: 1 of 2 parameters are there twice; each is changed by one optimizer once",
                () -> Optimizer.of(Sgd.group(List.of(bias), 1), Sgd.group(List.of(bias), 1)));
        assertMessage(
                "Optimizer: momentum is 1.0; use a number from 0 to below 1",
                () -> Adam.of(List.of(), 1).groups().getFirst().momentum(1));
        assertEquals(
                "Optimizer: Optimizer has no momentum; it cannot be set to 0.5",
                assertThrows(
                                IllegalStateException.class,
                                () ->
                                        Optimizer.of(List.of(), 1, Transforms.identity())
                                                .groups()
                                                .getFirst()
                                                .momentum(0.5))
                        .getMessage());
        assertEquals(
                "GradientTransform: there is no momentum that could be set to 0.5",
                assertThrows(
                                IllegalStateException.class,
                                () -> Transforms.identity().withMomentum(0.5))
                        .getMessage());
    }

    @Test
    void stagesCanBeChainedByHand() {
        Optimizer optimizer =
                Optimizer.of(
                        List.of(weight),
                        1,
                        Transforms.chain(
                                Transforms.clipByGlobalNorm(1),
                                Transforms.chain(Transforms.scale(10), Transforms.clipByValue(7))));
        weight.grad(Tensor.of(30.0, 40.0));

        optimizer.step();

        assertArrayEquals(new double[] {1 - 6, -2 - 7}, weight.value().toDoubles(), 1e-6);
    }

    @Test
    void twoStatesOfOneNameCannotBeSaved() {
        Optimizer optimizer =
                Optimizer.of(
                        List.of(weight),
                        1,
                        Transforms.chain(Transforms.momentum(0.9), Transforms.momentum(0.9)));
        pull(optimizer, 0);

        assertEquals(
                "Transforms.chain: two transforms keep a state named 'momentum_buffer'; such a chain"
                        + " cannot be saved",
                assertThrows(IllegalStateException.class, optimizer::stateDict).getMessage());
    }

    @Test
    void theGlobalNormCountsAllGradients() {
        List<Tensor> gradients = List.of(Tensor.of(3.0, 0.0), Tensor.of(-4.0));

        assertEquals(5, Clipping.globalNorm(gradients, 2).item());
        assertEquals(7, Clipping.globalNorm(gradients, 1).item());
        assertEquals(4, Clipping.globalNorm(gradients, Double.POSITIVE_INFINITY).item());
        assertEquals(Math.cbrt(91), Clipping.globalNorm(gradients, 3).item(), 1e-12);
        assertEquals(0, Clipping.globalNorm(List.of(), 2).item());
        assertEquals(0, Clipping.globalNorm(List.of(Tensor.zeros(Shape.of(0))), 2).item());
        assertMessage(
                "globalNorm: normType is 0.0; use a number above 0",
                () -> Clipping.globalNorm(gradients, 0));
    }

    private static Map<String, Tensor> with(Map<String, Tensor> state, String key, Tensor value) {
        Map<String, Tensor> changed = new LinkedHashMap<>(state);
        changed.put(key, value);
        return changed;
    }

    private static double[] entry(Map<String, Tensor> state, String key) {
        return requireNonNull(state.get(key)).toDoubles();
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }

    @Test
    void clippingTakesLimitsFromZero() {
        weight.grad(Tensor.of(2.0, 4.0));

        assertEquals(
                "Clipping: maxNorm is -1.0; use a number from 0, or infinity",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Clipping.clipGradientNorm(List.of(weight), -1, 2))
                        .getMessage());
        assertEquals(
                "Clipping: limit is NaN; use a number from 0, or infinity",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Clipping.clipGradientValue(List.of(weight), Double.NaN))
                        .getMessage());
        assertArrayEquals(new double[] {2, 4}, weight.grad().orElseThrow().toDoubles());
    }

    @Test
    void whatStandsInAParametersPlaceIsNotWhatAStepChanges() {
        Optimizer optimizer = Sgd.of(List.of(weight), 1);
        weight.grad(Tensor.of(2.0, 4.0));

        Parameter.replaced(
                Map.of(weight, Tensor.of(100.0, 100.0)),
                () -> {
                    optimizer.step();
                    return weight;
                });

        assertArrayEquals(new double[] {-1, -6}, weight.value().toDoubles());
    }
}
