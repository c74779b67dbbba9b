package loops.core.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import loops.api.Loop;
import loops.api.LoopTrace;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.core.Resume;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.logger.MemoryLogger;
import loops.core.loop.FitLoop;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.tune.LearningRateFinder.Config;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Adam;
import tensor.optim.Sgd;

class LearningRateFinderTest {
    private static final AnySize DATA = new AnySize(10, 2);

    /// Eight rates from 0.001 to 10.
    private static void small(Config config) {
        config.range(1e-3, 10).steps(8).leaveOut(1, 1).smoothing(0.5);
    }

    private static Loop<FitRun, FitResult> finder(Loop<FitRun, FitResult> fit) {
        return new LearningRateFinder(fit, LearningRateFinderTest::small);
    }

    /// {@return what is found for a module, without fitting it}
    private static LearningRateFound found(Noisy module, Consumer<Config> config) {
        var finder = new LearningRateFinder(new FitLoop(), config);
        var trainer =
                Trainer.of(choices ->
                        choices.maxEpochs(0).seed(3).plan(plan -> plan.sanityBatches(0)));
        trainer.slots().fit().connect(finder);
        trainer.fit(module, DATA);
        return finder.found().orElseThrow();
    }

    /// The loss of each batch is less than that of the one before, by one.
    private static class Falling extends Noisy {
        private int batches;

        Falling() {
            super(0.5);
        }

        @Override
        Tensor loss(Batch batch) {
            return super.loss(batch).mul(0).add(100 - batches++);
        }
    }

    // ---- no trace

    @Test
    void theFitThatFollowsIsTheFitOfAModuleThatWasGivenTheRate() {
        var found = found(new Noisy(0.5), LearningRateFinderTest::small);

        var given = Traces.of(new Noisy(found.rate()), DATA, fit -> fit, config -> {});
        var tested = Traces.of(new Noisy(0.5), DATA, LearningRateFinderTest::finder, config -> {});

        assertEquals(given, tested);
        assertNotEquals(
                given.scope(), Traces.of(new Noisy(0.5), DATA, fit -> fit, config -> {}).scope());
    }

    @Test
    void aSecondFitTestsAnewAndLeavesNoTraceEither() {
        var found = found(new Noisy(0.5), LearningRateFinderTest::small);
        var ear = new Traces.Ear();
        var trainer = Traces.trainer(ear, MemoryLogger.of(), config -> {});
        trainer.slots().fit().replace(LearningRateFinderTest::finder);
        trainer.fit(new Noisy(9), DATA);

        var second = trainer.fit(new Noisy(0.5), DATA);

        var given = Traces.of(new Noisy(found.rate()), DATA, fit -> fit, config -> {});
        assertEquals(given.result(), second);
        assertEquals(given.scope(), ear.scope.orElseThrow());
        assertEquals(List.of(found, found), ear.found);
    }

    @Test
    void theTestIsLikeAnyRunCutAnywhereAndGoneOnWith() {
        int cuts =
                ResumeCheck.everyCut(() ->
                        Traces.scenario(
                                new LearningRateFinder(
                                        new FitLoop(), LearningRateFinderTest::small),
                                new Noisy(0.5),
                                DATA));

        assertTrue(cuts > 60, () -> cuts + " cuts");
    }

    @Test
    void anyLoopMayStandInItsPlaces() {
        assertEquals(
                7,
                ReplaceCheck.everySlot(() ->
                        Traces.scenario(
                                new LearningRateFinder(
                                        new FitLoop(), LearningRateFinderTest::small),
                                new Noisy(0.5),
                                DATA)));
    }

    @Test
    void aTrainerGoesOnWithATestThatWasInterrupted(@TempDir Path folder) {
        var undisturbed =
                Traces.of(new Noisy(0.5), DATA, LearningRateFinderTest::finder, config -> {});

        for (int interruptAt : List.of(1, 4, 8, 9, 12)) {
            var saved = folder.resolve("at " + interruptAt);
            var module = new Noisy(0.5);
            var trainer =
                    Traces.trainer(
                            new Traces.Ear(), MemoryLogger.of(), config -> config.autoSave(saved));
            trainer.slots().fit().replace(LearningRateFinderTest::finder);
            int[] batches = {0};
            module.before =
                    batch -> {
                        if (++batches[0] == interruptAt) {
                            trainer.interrupt("enough for today");
                        }
                    };
            trainer.fit(module, DATA);
            assertEquals(Status.INTERRUPTED, trainer.status());

            var resumed =
                    Traces.of(
                            new Noisy(0.5),
                            DATA,
                            LearningRateFinderTest::finder,
                            config -> {},
                            Resume.from(saved));

            assertEquals(undisturbed.result(), resumed.result());
            assertEquals(undisturbed.scope(), resumed.scope());
            assertEquals(undisturbed.loops(), resumed.loops());
        }
    }

    @Test
    void aFaultInTheTestLeavesUnchangedAndTheModuleToo() {
        var fault = new IllegalStateException("a fault");
        var module = new Noisy(0.5);
        module.initialize(RandomKey.of(1));
        var before = TensorState.fields(module.stateDict());
        int[] batches = {0};
        module.before =
                batch -> {
                    if (++batches[0] == 3) {
                        throw fault;
                    }
                };

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                Traces.of(
                                        module,
                                        DATA,
                                        LearningRateFinderTest::finder,
                                        config -> {}));

        assertSame(fault, thrown);
        assertEquals(
                "in loop 'fit_loop.fit_loop.epoch_loop.batch_loop.optimizer_loop', advance",
                LoopTrace.of(fault).orElseThrow().getMessage());
        assertEquals(before, TensorState.fields(module.stateDict()));
    }

    @Test
    void aStopInTheTestEndsTheTestAlone() {
        int[] batches = {0};
        var module =
                new Falling() {
                    @Override
                    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
                        if (++batches[0] == 6) {
                            run.stop("a wish of the test");
                        }
                    }
                };
        var finder = new LearningRateFinder(new FitLoop(), LearningRateFinderTest::small);

        var trace =
                Traces.of(
                        module,
                        DATA,
                        fit -> {
                            finder.fitLoop().connect(fit);
                            return finder;
                        },
                        config -> {});

        assertEquals(6, finder.found().orElseThrow().losses().size());
        assertEquals(2, trace.result().epochs());
        assertEquals(Optional.empty(), trace.result().stopReason());
    }

    // ---- the test

    @Test
    void itMeasuresWhatAPlainLoopMeasures() {
        var found = found(new Noisy(0.5), LearningRateFinderTest::small);

        var module = new Noisy(0.5);
        module.initialize(RandomKey.of(3).fold("module"));
        var adam = Adam.of(module.parameters(), 0.5);
        var rates = new ArrayList<Double>();
        var losses = new ArrayList<Double>();
        double mean = 0;
        for (int epoch = 0; losses.size() < 8; epoch++) {
            try (var batches = DATA.trainBatches().open(epoch, 0)) {
                while (batches.hasNext() && losses.size() < 8) {
                    double rate = 1e-3 * Math.pow(10 / 1e-3, losses.size() / 7.0);
                    adam.learningRate(rate);
                    adam.zeroGrad();
                    var loss = module.loss(batches.next());
                    loss.backward();
                    adam.step();
                    mean = 0.5 * mean + 0.5 * loss.item();
                    rates.add(rate);
                    losses.add(mean / (1 - Math.pow(0.5, losses.size() + 1)));
                }
            }
        }
        assertEquals(rates, found.rates());
        assertEquals(losses, found.losses());
        var slopes = new ArrayList<Double>();
        for (int i = 2; i < 6; i++) {
            slopes.add((losses.get(i + 1) - losses.get(i - 1)) / 2);
        }
        int steepest = 2 + slopes.indexOf(slopes.stream().min(Double::compare).orElseThrow());
        assertEquals(rates.get(steepest), found.rate());
    }

    @Test
    void theSteepestRateIsThatOfTheMostNegativeSlope() {
        var rates = List.of(1.0, 2.0, 3.0, 4.0, 5.0);

        assertEquals(
                OptionalDouble.of(3),
                LearningRateFound.steepest(rates, List.of(9.0, 8.5, 7.0, 5.5, 6.0)));
        assertEquals(
                OptionalDouble.of(1),
                LearningRateFound.steepest(rates, List.of(9.0, 5.0, 4.0, 3.0, 2.0)));
        assertEquals(
                OptionalDouble.of(5),
                LearningRateFound.steepest(rates, List.of(9.0, 9.0, 9.0, 9.0, 2.0)));
        assertEquals(
                OptionalDouble.empty(),
                LearningRateFound.steepest(rates, List.of(1.0, 1.0, 2.0, 3.0, 4.0)));
        assertEquals(
                OptionalDouble.empty(), LearningRateFound.steepest(List.of(1.0), List.of(1.0)));
        assertEquals(OptionalDouble.empty(), LearningRateFound.steepest(List.of(), List.of()));
    }

    @Test
    void ratesMayGrowByTheSameAmount() {
        var found =
                found(
                        new Noisy(0.5),
                        config ->
                                config.range(0.1, 0.5)
                                        .steps(5)
                                        .leaveOut(0, 0)
                                        .smoothing(0)
                                        .linear());

        var wanted = List.of(0.1, 0.2, 0.3, 0.4, 0.5);
        for (int i = 0; i < wanted.size(); i++) {
            assertEquals(wanted.get(i), found.rates().get(i), 1e-15);
        }
    }

    @Test
    void theTestEndsWhereTheLossDiverges() {
        Consumer<Config> wide =
                config -> config.range(1e-3, 1e5).steps(24).leaveOut(1, 1).smoothing(0.1);

        var diverged = found(new Noisy(0.5), config -> wide.accept(config.divergence(4)));
        var whole =
                found(
                        new Noisy(0.5),
                        config -> wide.accept(config.divergence(Double.POSITIVE_INFINITY)));

        int end = diverged.losses().size();
        assertTrue(end < 24, () -> end + " losses");
        assertEquals(24, whole.losses().size());
        assertEquals(diverged.losses(), whole.losses().subList(0, end));
        for (int i = 0; i < end; i++) {
            double best =
                    diverged.losses().subList(0, i + 1).stream().min(Double::compare).orElseThrow();
            assertEquals(i == end - 1, diverged.losses().get(i) > 4 * best);
        }
    }

    @Test
    void theTestEndsWhereTheLossIsNoNumber() {
        var module =
                new Falling() {
                    @Override
                    Tensor loss(Batch batch) {
                        var loss = super.loss(batch);
                        return loss.item() < 96 ? loss.mul(Double.NaN) : loss;
                    }
                };

        var found = found(module, LearningRateFinderTest::small);

        assertEquals(5, found.losses().size());
        assertTrue(found.losses().stream().allMatch(Double::isFinite));
    }

    @Test
    void withAccumulationAWindowIsAPoint() {
        var finder = new LearningRateFinder(new FitLoop(), LearningRateFinderTest::small);
        int[] batches = {0};
        var module = new Falling();
        module.before = batch -> batches[0]++;
        var trainer = Trainer.of(config -> config.maxEpochs(0).accumulate(2));
        trainer.slots().fit().connect(finder);

        trainer.fit(module, DATA);

        // 5 batches an epoch: windows of 2, 2 and 1
        assertEquals(8, finder.found().orElseThrow().losses().size());
        assertEquals(14, batches[0]);
    }

    @Test
    void oneOptimizerOfSeveralIsTestedAndGroupsKeepTheirProportion() {
        var rates = new ArrayList<List<Double>>();
        var module =
                new Falling() {
                    @Override
                    public OptimizerPlan configureOptimizers() {
                        var children = children();
                        return OptimizerPlan.of(
                                PlannedOptimizer.of(
                                                Sgd.of(
                                                        Objects.requireNonNull(
                                                                        children.get("hidden"))
                                                                .parameters(),
                                                        0.25))
                                        .frequency(1),
                                PlannedOptimizer.of(
                                                tensor.optim.Optimizer.of(
                                                        Sgd.group(
                                                                List.of(
                                                                        Objects.requireNonNull(
                                                                                        children
                                                                                                .get(
                                                                                                        "out"))
                                                                                .parameters()
                                                                                .get(0)),
                                                                0.5),
                                                        Sgd.group(
                                                                List.of(
                                                                        Objects.requireNonNull(
                                                                                        children
                                                                                                .get(
                                                                                                        "out"))
                                                                                .parameters()
                                                                                .get(1)),
                                                                2)))
                                        .frequency(1));
                    }

                    @Override
                    public void onBeforeOptimizerStep(
                            RunView run, loops.core.training.TrainingOptimizer optimizer) {
                        if (rates.size() < 4) {
                            rates.add(
                                    optimizer.optimizer().groups().stream()
                                            .map(tensor.optim.ParameterGroup::learningRate)
                                            .toList());
                        }
                    }
                };

        var found =
                found(
                        module,
                        config ->
                                config.range(1, 16)
                                        .steps(5)
                                        .leaveOut(0, 0)
                                        .smoothing(0)
                                        .divergence(1e9)
                                        .optimizer(1));

        assertEquals(
                List.of(List.of(0.25), List.of(1.0, 4.0), List.of(0.25), List.of(2.0, 8.0)), rates);
        assertEquals(List.of(1.0, 2.0, 4.0), found.rates().subList(0, 3));
    }

    @Test
    void callbacksHearWhatWasFoundOnce() {
        var ear = new Traces.Ear();
        var trainer = Traces.trainer(ear, MemoryLogger.of(), config -> {});
        trainer.slots().fit().replace(LearningRateFinderTest::finder);

        trainer.fit(new Noisy(0.5), DATA);

        var found = (LearningRateFound) ear.found.getFirst();
        assertEquals(1, ear.found.size());
        assertEquals(8, found.rates().size());
        assertTrue(found.rates().contains(found.rate()));
        assertTrue(
                trainer.slots().fit().get().explain().toString().contains("learning_rate_found"));
    }

    // ---- what is refused

    @Test
    void aModuleThatTakesNoRateIsRefused() {
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.slots().fit().replace(LearningRateFinder::new);

        assertRefused(
                "LearningRateFinder: the module is a Untuned; fit a TunableModule, which is told the rate",
                () -> trainer.fit(new Untuned(), DATA));
    }

    private static final class Untuned extends loops.core.training.TrainingModule {
        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            return null;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.none();
        }
    }

    @Test
    void anOptimizerThatIsNotThereIsRefused() {
        assertRefused(
                "LearningRateFinder: optimizer 1 of 1; use a number below that",
                () -> found(new Noisy(0.5), config -> config.optimizer(1)));
    }

    @Test
    void aModuleThatNeverMakesAStepIsNotTestedForEver() {
        var module =
                new Noisy(0.5) {
                    @Override
                    public @Nullable Tensor trainingStep(Batch batch, Step step) {
                        return null;
                    }
                };

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> found(module, LearningRateFinderTest::small));

        assertEquals(
                "LearningRateFinder: optimizer 0 made no step with a loss in an epoch of 5 batches; choose one that does",
                thrown.getMessage());
    }

    @Test
    void aLossThatFallsNowhereIsAnError() {
        int[] batches = {0};
        var module =
                new Noisy(0.5) {
                    @Override
                    Tensor loss(Batch batch) {
                        return super.loss(batch).mul(0).add(100 + ++batches[0]);
                    }
                };

        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> found(module, LearningRateFinderTest::small));

        assertEquals(
                "LearningRateFinder: the loss falls at none of 8 rates from 0.001 to 10.0, the first 1 and the last 1 left out; test another range, or more steps",
                thrown.getMessage());
    }

    @Test
    void choicesOutOfRangeAreRefused() {
        assertRefused(
                "LearningRateFinder: the range is 0.0 to 1.0; use two ascending numbers above 0",
                config(config -> config.range(0, 1)));
        assertRefused(
                "LearningRateFinder: the range is 1.0 to 1.0; use two ascending numbers above 0",
                config(config -> config.range(1, 1)));
        assertRefused(
                "LearningRateFinder: 12 steps, of which 11 are left out; a slope needs 2 that are not",
                config(config -> config.steps(12)));
        assertRefused(
                "LearningRateFinder: smoothing is 1.0; use a number from 0, below 1",
                config(config -> config.smoothing(1)));
        assertRefused(
                "LearningRateFinder: divergence is 1.0; use a number above 1",
                config(config -> config.divergence(1)));
        assertRefused(
                "LearningRateFinder: -1 and 0 losses are left out; use numbers from 0",
                config(config -> config.leaveOut(-1, 0)));
        assertRefused(
                "LearningRateFinder: optimizer -1; use a number from 0",
                config(config -> config.optimizer(-1)));
    }

    private static Runnable config(Consumer<Config> config) {
        return () -> new LearningRateFinder(new FitLoop(), config);
    }

    private static void assertRefused(String message, Runnable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body::run).getMessage());
    }

    @Test
    void theBatchesOfTheTestAreThoseOfThePlan() {
        int[] batches = {0};
        var sizes = new ArrayList<Integer>();
        var module = new Noisy(0.5);
        module.before =
                batch -> {
                    batches[0]++;
                    sizes.add(batch.size());
                };
        var finder = new LearningRateFinder(new FitLoop(), LearningRateFinderTest::small);
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(0).plan(plan -> plan.trainLimit(Limit.batches(2))));
        trainer.slots().fit().connect(finder);

        trainer.fit(module, DATA);

        assertEquals(8, batches[0]);
        assertTrue(sizes.stream().allMatch(size -> size == 2));
    }
}
