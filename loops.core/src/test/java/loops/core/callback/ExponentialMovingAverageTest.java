package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import loops.core.Resume;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.HookPoint;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;

class ExponentialMovingAverageTest {
    private static final double DECAY = 0.5;

    /// Writes down the slope after each batch, and which slope validations see.
    private static final class Watch implements Callback {
        private final List<Double> trained = new ArrayList<>();
        private final List<Double> validated = new ArrayList<>();

        private static double slope(RunView run) {
            return ((Slope) run.module()).values().getFirst();
        }

        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
            trained.add(slope(run));
        }

        @Override
        public void onValidationEpochStart(RunView run) {
            validated.add(slope(run));
        }

        /// {@return the means after so many batches}
        double mean(int batches) {
            double mean = trained.getFirst();
            for (double slope : trained.subList(1, batches)) {
                mean = DECAY * mean + (1 - DECAY) * slope;
            }
            return mean;
        }
    }

    private static DataModule data() {
        return Slope.data(Slope.points(3, 1));
    }

    @Test
    void validationsSeeTheMeanAndTrainingDoesNot() {
        var alone = new Watch();
        var watch = new Watch();
        var module = new Slope();

        Trainer.of(config -> config.maxEpochs(2).callbacks(alone)).fit(new Slope(), data());
        Trainer.of(config ->
                        config.maxEpochs(2).callbacks(ExponentialMovingAverage.of(DECAY), watch))
                .fit(module, data());

        assertEquals(alone.trained, watch.trained);
        assertEquals(watch.mean(3), watch.validated.get(1), 1e-6);
        assertEquals(watch.mean(6), watch.validated.get(2), 1e-6);
        assertEquals(watch.mean(6), module.values().getFirst(), 1e-6, "the mean stays");
    }

    @Test
    void aBatchWithoutAStepDoesNotEnter() {
        var watch = new Watch();
        var module = new Slope();

        Trainer.of(config ->
                        config.maxEpochs(1)
                                .accumulate(3)
                                .callbacks(ExponentialMovingAverage.of(DECAY), watch))
                .fit(module, data());

        assertEquals(watch.trained.getLast(), module.values().getFirst(), "one value, the mean");
    }

    @Test
    void anotherFitBeginsAnotherMean() {
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(1).callbacks(ExponentialMovingAverage.of(DECAY)));
        var first = new Slope();
        var second = new Slope();

        trainer.fit(first, data());
        trainer.fit(second, data());

        assertEquals(first.values(), second.values());
    }

    @Test
    void aFitWithoutAStepLeavesTheValues() {
        var module = new Slope();
        var silent =
                Trainer.of(config ->
                        config.maxEpochs(0).callbacks(ExponentialMovingAverage.of(DECAY)));

        silent.fit(module, data());
        var before = module.values();
        silent.validate(module, data());

        assertEquals(before, module.values());
    }

    @Test
    void aRunThatFailsInAValidationLeavesTheOwnValues() {
        var watch = new Watch();
        var failing =
                new Slope() {
                    @Override
                    public void validationStep(Batch batch, Step step) {
                        throw new IllegalStateException("on purpose");
                    }
                };

        assertThrows(
                IllegalStateException.class,
                () ->
                        Trainer.of(config ->
                                        config.maxEpochs(1)
                                                .plan(plan -> plan.sanityBatches(0))
                                                .callbacks(
                                                        ExponentialMovingAverage.of(DECAY), watch))
                                .fit(failing, data()));

        assertEquals(watch.trained.getLast(), failing.values().getFirst());
    }

    @Test
    void aValidationByItselfThatFailsLeavesTheMean() {
        var module =
                new Slope() {
                    private boolean fails;

                    @Override
                    public void validationStep(Batch batch, Step step) {
                        if (fails) {
                            throw new IllegalStateException("on purpose");
                        }
                    }
                };
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(1).callbacks(ExponentialMovingAverage.of(DECAY)));
        trainer.fit(module, data());
        var means = module.values();
        module.fails = true;

        assertThrows(IllegalStateException.class, () -> trainer.validate(module, data()));

        assertEquals(means, module.values());
    }

    @Test
    void aFitThatHadEndedGoesOnAsTheLongerOne(@TempDir Path folder) {
        var longer = new Slope();
        var module = new Slope();

        trainer(4).fit(longer, data());
        trainer(2, LambdaCallback.on(HookPoint.FIT_END, run -> run.save(folder)))
                .fit(new Slope(), data());
        trainer(4).fit(module, data(), Resume.latest(folder));

        assertEquals(longer.values(), module.values());
    }

    private static Trainer trainer(int epochs, Callback... further) {
        var callbacks = new ArrayList<Callback>(List.of(further));
        callbacks.addFirst(ExponentialMovingAverage.of(DECAY));
        return Trainer.of(
                config -> config.maxEpochs(epochs).callbacks(callbacks.toArray(Callback[]::new)));
    }

    @Test
    void aFitThatIsResumedHasTheSameMean() throws IOException {
        new CutFits(
                        Slope::new,
                        data(),
                        () -> ExponentialMovingAverage.of(DECAY),
                        config -> config.accumulate(2))
                .assertLaw(24);
    }

    @Test
    void aDecayOutOfRangeIsRefused() {
        for (double decay : new double[] {1, -0.1, Double.NaN}) {
            var refused =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> ExponentialMovingAverage.of(decay));

            assertEquals(
                    "ExponentialMovingAverage: decay is %s; use a number from 0 to below 1"
                            .formatted(decay),
                    refused.getMessage());
        }
        assertEquals(0.25, ExponentialMovingAverage.of(0.25).decay());
    }
}
