package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import loops.core.logger.MemoryLogger;
import loops.core.training.BatchResult;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;

/// How long a run takes, and what it does on the way: limits, trials, intervals of validation, sources asked again.
class LimitsTest {
    /// Writes down each step, and may ask for a stop after one.
    private static final class Written extends Slope {
        final List<String> steps = new ArrayList<>();
        private final int stopAt;

        Written() {
            this(0);
        }

        Written(int stopAt) {
            this.stopAt = stopAt;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            steps.add("train %d.%d".formatted(step.epoch(), step.batchIndex()));
            return super.trainingStep(batch, step);
        }

        @Override
        public void validationStep(Batch batch, Step step) {
            steps.add("%s %d".formatted(step.activity().verb(), step.batchIndex()));
        }

        @Override
        public Tensor predictStep(Batch batch, Step step) {
            steps.add("predict %d".formatted(step.batchIndex()));
            return super.predictStep(batch, step);
        }

        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
            if (run.globalStep() == stopAt) {
                run.stop("enough");
            }
        }
    }

    /// Three batches of everything; writes down when it is asked for sources.
    private static final class Asked implements DataModule {
        final List<String> asked = new ArrayList<>();
        private final List<String> steps;

        Asked(Written module) {
            steps = module.steps;
        }

        private BatchSource source(String name) {
            asked.add(name + " after " + (steps.isEmpty() ? "nothing" : steps.getLast()));
            return Slope.points(6, 2);
        }

        @Override
        public BatchSource trainBatches() {
            return source("train");
        }

        @Override
        public List<BatchSource> validationBatches() {
            return List.of(source("validation"));
        }

        @Override
        public List<BatchSource> testBatches() {
            return List.of(Slope.points(6, 2));
        }

        @Override
        public List<BatchSource> predictionBatches() {
            return List.of(Slope.points(6, 2));
        }
    }

    private static FitResult fit(Written module, Consumer<TrainerConfig> choices) {
        return Trainer.of(config -> choices.accept(config.plan(plan -> plan.sanityBatches(0))))
                .fit(module, new Asked(module));
    }

    private static List<String> steps(Consumer<TrainerConfig> choices) {
        var module = new Written();
        fit(module, choices);
        return module.steps;
    }

    // ---- trials

    @Test
    void aTrialTakesSoManyBatchesOfEveryLoop() {
        for (int batches : List.of(1, 2)) {
            var logger = MemoryLogger.of();
            var trainer =
                    Trainer.of(config ->
                            config.fastDevRun(batches)
                                    .maxEpochs(7)
                                    .loggers(logger)
                                    .plan(plan ->
                                            plan.validateEvery(Limit.batches(5))
                                                    .acrossEpochs()
                                                    .sanityBatches(2)
                                                    .minSteps(5)));
            var module = new Written();
            var data = new Asked(module);

            var result = trainer.fit(module, data);

            assertEquals(1, result.epochs());
            assertEquals(batches, result.globalStep());
            assertEquals(
                    batches == 1
                            ? List.of("train 0.0", "validate 0")
                            : List.of("train 0.0", "train 0.1", "validate 0", "validate 1"),
                    module.steps);
            assertEquals(List.of(), logger.rows());

            module.steps.clear();
            trainer.validate(module, data);
            trainer.test(module, data);
            trainer.predict(module, data);

            assertEquals(
                    batches == 1
                            ? List.of("validate 0", "test 0", "predict 0")
                            : List.of(
                                    "validate 0",
                                    "validate 1",
                                    "test 0",
                                    "test 1",
                                    "predict 0",
                                    "predict 1"),
                    module.steps);
        }
    }

    @Test
    void aTrialOfNoBatchesIsRefused() {
        assertEquals(
                "TrainerConfig: fastDevRun is -1; use a number of batches from 1, or 0 for no trial",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Trainer.of(config -> config.fastDevRun(-1)))
                        .getMessage());
        assertEquals(
                "FitPlan: fastDevRun is 0; use a number from 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> FitPlan.of(plan -> plan.fastDevRun(0)))
                        .getMessage());
    }

    // ---- overfitting

    @Test
    void anOverfitTrainsOnTheSameFewBatchesInEveryEpoch() {
        var seen = new ArrayList<List<Double>>();
        var module =
                new Slope() {
                    @Override
                    public @Nullable Tensor trainingStep(Batch batch, Step step) {
                        seen.add(
                                List.of(
                                        batch.input().select(0, 0).sum().item(),
                                        batch.input().sum().item()));
                        return super.trainingStep(batch, step);
                    }
                };
        var shuffled =
                tensor.data.DataLoader.of(
                        tensor.data.TensorDataset.of(
                                Tensor.normal(
                                        tensor.api.RandomKey.of(1), tensor.layout.Shape.of(12, 1)),
                                Tensor.zeros(tensor.layout.Shape.of(12, 1))),
                        config -> config.batchSize(2).shuffle(tensor.api.RandomKey.of(2)));

        Trainer.of(config ->
                        config.maxEpochs(3)
                                .plan(plan -> plan.sanityBatches(0).overfit(Limit.batches(2))))
                .fit(module, DataModule.of(shuffled, shuffled));

        assertEquals(6, seen.size());
        assertEquals(seen.subList(0, 2), seen.subList(2, 4));
        assertEquals(seen.subList(0, 2), seen.subList(4, 6));
    }

    // ---- time

    @Test
    void aFitWithoutTimeTrainsNothing() {
        var module = new Written();

        var result = fit(module, config -> config.maxTime(Duration.ZERO));

        assertEquals(0, result.epochs());
        assertEquals(List.of(), module.steps);
        assertEquals(Optional.of("the time of PT0S is up"), result.stopReason());
        assertEquals(
                "Timer: the time is PT-1S; use one from 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        fit(
                                                new Written(),
                                                config -> config.maxTime(Duration.ofSeconds(-1))))
                        .getMessage());
    }

    @Test
    void theOtherLimitsHoldWithATimeToo() {
        var result = fit(new Written(), config -> config.maxTime(Duration.ofDays(1)).maxEpochs(2));

        assertEquals(2, result.epochs());
        assertEquals(Optional.empty(), result.stopReason());
    }

    // ---- least epochs and steps

    @Test
    void aStopWaitsForTheLeastEpochsAndSteps() {
        record Case(int minEpochs, int minSteps, int epochs, int steps) {}
        for (var wanted :
                List.of(
                        new Case(0, 0, 1, 1),
                        new Case(2, 0, 2, 6),
                        new Case(0, 5, 2, 5),
                        new Case(2, 5, 2, 6),
                        new Case(1, 7, 3, 7))) {
            var result =
                    fit(
                            new Written(1),
                            config ->
                                    config.maxEpochs(5)
                                            .plan(plan ->
                                                    plan.minEpochs(wanted.minEpochs())
                                                            .minSteps(wanted.minSteps())));

            assertEquals(wanted.steps(), result.globalStep(), wanted::toString);
            assertEquals(wanted.epochs(), result.epochs(), wanted::toString);
        }
    }

    // ---- sources

    @Test
    void sourcesAreAskedForAgainAfterSoManyEpochs() {
        var module = new Written();
        var data = new Asked(module);

        Trainer.of(config ->
                        config.maxEpochs(4)
                                .plan(plan ->
                                        plan.sanityBatches(0)
                                                .reloadEvery(2)
                                                .trainLimit(Limit.batches(1))
                                                .validationLimit(Limit.batches(1))))
                .fit(module, data);

        assertEquals(
                List.of("train after nothing", "train after validate 0"),
                data.asked.stream().filter(line -> line.startsWith("train")).toList());
        assertEquals(
                List.of("validation after nothing", "validation after train 2.0"),
                data.asked.stream().filter(line -> line.startsWith("validation")).toList());
    }

    @Test
    void sourcesAreAskedForOnceIfNothingIsSaid() {
        var module = new Written();
        var data = new Asked(module);

        Trainer.of(config -> config.maxEpochs(3)).fit(module, data);

        assertEquals(1, data.asked.stream().filter(line -> line.startsWith("train")).count());
        assertEquals(1, data.asked.stream().filter(line -> line.startsWith("validation")).count());
    }

    // ---- intervals of validation

    @Test
    void validationMayCountItsBatchesAcrossEpochs() {
        assertEquals(
                List.of(
                        "train 0.0",
                        "train 0.1",
                        "train 0.2",
                        "train 1.0",
                        "validate 0",
                        "train 1.1",
                        "train 1.2",
                        "train 2.0",
                        "train 2.1",
                        "validate 0",
                        "train 2.2"),
                steps(config ->
                        config.maxEpochs(3)
                                .plan(plan ->
                                        plan.validateEvery(Limit.batches(4))
                                                .acrossEpochs()
                                                .validationLimit(Limit.batches(1)))));
    }

    @Test
    void validationMayComeWithinAnEpochOrInSomeEpochsOnly() {
        assertEquals(
                List.of("train 0.0", "train 0.1", "validate 0", "train 0.2"),
                steps(config ->
                        config.maxEpochs(1)
                                .plan(plan ->
                                        plan.validateEvery(Limit.batches(2))
                                                .validationLimit(Limit.batches(1)))));
        assertEquals(
                List.of("train 0.0", "train 1.0", "validate 0", "train 2.0"),
                steps(config ->
                        config.maxEpochs(3)
                                .plan(plan ->
                                        plan.validateEveryEpochs(2)
                                                .trainLimit(Limit.batches(1))
                                                .validationLimit(Limit.batches(1)))));
    }

    @Test
    void anIntervalThatCannotBeIsRefused() {
        assertEquals(
                "FitPlan: validateEvery is 4 batches and an epoch has 3; use at most 3, or acrossEpochs()",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        steps(config ->
                                                config.plan(plan ->
                                                        plan.validateEvery(Limit.batches(4)))))
                        .getMessage());
        assertEquals(
                "FitPlan: validateEvery is All[] with acrossEpochs(), and epochs have no common length; use Limit.batches(n)",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> FitPlan.of(plan -> plan.acrossEpochs()))
                        .getMessage());
    }

    @Test
    void aPlanMayBeChangedInPart() {
        var plan =
                FitPlan.of(config ->
                        config.minEpochs(1)
                                .maxEpochs(9)
                                .minSteps(2)
                                .maxSteps(30)
                                .accumulate(2)
                                .clip(loops.core.training.Clip.norm(1))
                                .trainLimit(Limit.batches(5))
                                .validationLimit(Limit.fraction(0.5))
                                .validateEvery(Limit.batches(3))
                                .acrossEpochs()
                                .validateEveryEpochs(2)
                                .sanityBatches(1)
                                .reloadEvery(3)
                                .logEvery(7));

        assertEquals(plan, plan.with(config -> {}));
        assertEquals(4, plan.with(config -> config.maxEpochs(4)).maxEpochs());
        assertEquals(30, plan.with(config -> config.maxEpochs(4)).maxSteps());
    }
}
