package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.callback.StochasticWeightAveraging.Annealing;
import loops.core.training.HookPoint;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import org.junit.jupiter.api.Test;
import tensor.optim.Optimizer;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

class StochasticWeightAveragingTest {
    /// A line with a group of parameters each for slope and height, whose rates a scheduler halves after each step.
    private static final class Scheduled extends Slope {
        @Override
        public OptimizerPlan configureOptimizers() {
            var both = parameters();
            var sgd =
                    Optimizer.of(
                            Sgd.group(both.subList(0, 1), 0.5),
                            Sgd.group(both.subList(1, 2), 0.25));
            return OptimizerPlan.of(
                    PlannedOptimizer.of(sgd)
                            .schedule(
                                    Scheduler.of(sgd, Schedules.step(1, 0.5)),
                                    planned -> planned.perStep()));
        }
    }

    private static void fit(Slope module, int epochs, StochasticWeightAveraging swa) {
        fit(module, swa, config -> config.maxEpochs(epochs));
    }

    private static void fit(
            Slope module, StochasticWeightAveraging swa, Consumer<TrainerConfig> choices) {
        Trainer.of(config -> choices.accept(config.callbacks(swa)))
                .fit(module, Slope.data(Slope.points(2, 1)));
    }

    /// The rates of the first group, or of the second, in each batch of a fit of some epochs.
    private static List<Double> rates(int epochs, int group, StochasticWeightAveraging swa) {
        var rates = new ArrayList<Double>();
        var watch =
                LambdaCallback.on(
                        HookPoint.BEFORE_OPTIMIZER_STEP,
                        run ->
                                rates.add(
                                        run.optimizers()
                                                .getFirst()
                                                .optimizer()
                                                .groups()
                                                .get(group)
                                                .learningRate()));
        Trainer.of(config -> config.maxEpochs(epochs).callbacks(swa, watch))
                .fit(new Scheduled(), Slope.data(Slope.points(2, 1)));
        return rates;
    }

    @Test
    void theModuleEndsWithTheMeanOfTheLastEpochs() {
        var atEnds = new ArrayList<List<Double>>();
        var module = new Slope();
        var swa = StochasticWeightAveraging.of(0.1, config -> config.startEpoch(2));

        fit(
                module,
                swa,
                config ->
                        config.maxEpochs(5)
                                .callbacks(
                                        swa,
                                        LambdaCallback.on(
                                                HookPoint.TRAIN_EPOCH_END,
                                                run -> atEnds.add(module.values()))));

        for (int i = 0; i < 2; i++) {
            int parameter = i;
            double mean =
                    atEnds.subList(2, 5).stream()
                            .mapToDouble(values -> values.get(parameter))
                            .average()
                            .orElseThrow();
            assertEquals(mean, module.values().get(i), 1e-6);
        }
    }

    @Test
    void itBeginsAfterFourFifthsOfTheEpochs() {
        var alone = new Slope();
        var last = new Slope();

        fit(alone, 5, StochasticWeightAveraging.of(0.1, config -> config.startEpoch(99)));
        fit(last, 5, StochasticWeightAveraging.of(0.1));

        assertEquals(alone.values(), last.values(), "the mean of one is itself");
    }

    @Test
    void theRatesGoToTheNewOneEpochByEpoch() {
        assertEquals(
                List.of(0.5, 0.25, 0.125, 0.125, 0.3125, 0.3125, 0.5, 0.5, 0.5, 0.5),
                rates(
                        5,
                        0,
                        StochasticWeightAveraging.of(
                                0.5,
                                config -> config.startEpoch(1).annealing(2, Annealing.LINEAR))));
    }

    @Test
    void theCosineStartsAndEndsFlat() {
        var rates =
                rates(
                        5,
                        0,
                        StochasticWeightAveraging.of(
                                1, config -> config.startEpoch(0).annealing(4, Annealing.COSINE)));

        double[] expected = {0.5, 0.5 + 0.5 * 0.14644661, 0.75, 0.5 + 0.5 * 0.85355339, 1};
        for (int epoch = 0; epoch < 5; epoch++) {
            assertEquals(expected[epoch], rates.get(2 * epoch), 1e-8);
        }
    }

    @Test
    void theRatesMayBeThereAtOnceAndDifferByGroup() {
        var swa =
                StochasticWeightAveraging.of(
                        1,
                        config ->
                                config.startAt(0.5)
                                        .annealing(0, Annealing.LINEAR)
                                        .perGroup(0.75, 0.0625));

        assertEquals(List.of(0.5, 0.25, 0.75, 0.75), rates(2, 0, swa));
        assertEquals(List.of(0.25, 0.125, 0.0625, 0.0625), rates(2, 1, swa));
    }

    @Test
    void aFitThatIsResumedHasTheSameMean() throws IOException {
        new CutFits(
                        Scheduled::new,
                        Slope.data(Slope.points(2, 1)),
                        () -> StochasticWeightAveraging.of(0.2, config -> config.startEpoch(1)),
                        config -> config.maxEpochs(4))
                .assertLaw(24);
    }

    // ---- what it refuses

    @Test
    void aPartOfEpochsWithoutEndIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                fit(
                                        new Slope(),
                                        StochasticWeightAveraging.of(0.1),
                                        config -> config.maxSteps(3)));

        assertEquals(
                "StochasticWeightAveraging: starts at 0.8 of the epochs, and the plan has no"
                        + " maxEpochs; set one, or startEpoch(..)",
                refused.getMessage());
    }

    @Test
    void ratesThatAreNotThoseOfTheGroupsAreRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                fit(
                                        new Slope(),
                                        2,
                                        StochasticWeightAveraging.of(
                                                0.1, config -> config.perGroup(0.1, 0.2))));

        assertEquals(
                "StochasticWeightAveraging: 2 learning rates for 1 groups of parameters; give one,"
                        + " or one for each",
                refused.getMessage());
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertEquals(
                "StochasticWeightAveraging: a learning rate is -1.0; use a number from 0",
                refusal(-1, config -> {}));
        assertEquals(
                "StochasticWeightAveraging: a learning rate is NaN; use a number from 0",
                refusal(1, config -> config.perGroup(1, Double.NaN)));
        assertEquals(
                "StochasticWeightAveraging: startEpoch is -1; use a number from 0",
                refusal(1, config -> config.startEpoch(-1)));
        assertEquals(
                "StochasticWeightAveraging: startAt is 1.5; use a number from 0 to 1",
                refusal(1, config -> config.startAt(1.5)));
        assertEquals(
                "StochasticWeightAveraging: annealing takes -1 epochs; use a number from 0",
                refusal(1, config -> config.annealing(-1, Annealing.LINEAR)));
    }

    private static String refusal(
            double learningRate, Consumer<StochasticWeightAveraging.Config> choices) {
        return String.valueOf(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> StochasticWeightAveraging.of(learningRate, choices))
                        .getMessage());
    }
}
