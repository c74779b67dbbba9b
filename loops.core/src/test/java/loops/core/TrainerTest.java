package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.LoopTrace;
import loops.core.logger.MemoryLogger;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.OptimizerPlan;
import loops.core.training.RunView;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;
import tensor.nn.Linear;
import tensor.optim.Sgd;

class TrainerTest {
    @Test
    void aFitCallsItsHooksInThisOrder() {
        var log = new HookLog();

        Trainer.of(config -> config.maxEpochs(1).callbacks(log.callback()))
                .fit(new Slope(), Slope.data(Slope.points(4, 2)));

        assertEquals(
                """
                setup
                onFitStart
                onSanityCheckStart
                onValidationStart
                onValidationEpochStart
                onValidationBatchStart 0 0
                onValidationBatchEnd 0 0
                onValidationEpochEnd
                onValidationEnd
                onSanityCheckEnd
                onTrainStart
                onTrainEpochStart
                onTrainBatchStart 0
                onBeforeZeroGrad
                onBeforeBackward
                onAfterBackward
                onBeforeOptimizerStep
                onTrainBatchEnd 0
                onTrainBatchStart 1
                onBeforeZeroGrad
                onBeforeBackward
                onAfterBackward
                onBeforeOptimizerStep
                onTrainBatchEnd 1
                onValidationStart
                onValidationEpochStart
                onValidationBatchStart 0 0
                onValidationBatchEnd 0 0
                onValidationEpochEnd
                onValidationEnd
                onTrainEpochEnd
                onTrainEpochMeasured
                onTrainEnd
                onFitEnd
                teardown
                """,
                log.text());
    }

    @Test
    void accumulatedBatchesAreOneBigBatch() {
        for (int samples : List.of(8, 5, 7)) {
            var big = fitted(samples, 4, config -> {});
            var small = fitted(samples, 2, config -> config.accumulate(2));

            assertClose(big, small);
        }
        assertClose(fitted(5, 5, config -> {}), fitted(5, 3, config -> config.accumulate(2)));
    }

    /// Two lines in a row, each with an optimizer of its own.
    private static final class Two extends Slope {
        private final Linear second = child("second", Linear.of(1, 1));
        final List<String> learning = new ArrayList<>();

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            learning.add(
                    "%d: %s %s"
                            .formatted(
                                    step.optimizerIndex(),
                                    line.weight().requiresGrad(),
                                    second.weight().requiresGrad()));
            return second.apply(line.apply(batch.input())).sub(batch.target()).square().mean();
        }

        @Override
        public void validationStep(Batch batch, Step step) {}

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(
                    Sgd.of(line.parameters(), 0.01), Sgd.of(second.parameters(), 0.01));
        }
    }

    @Test
    void eachOptimizerHasItsTurnWhileTheOthersAreFrozen() {
        var module = new Two();

        var result = trainer(1).fit(module, DataModule.of(Slope.points(4, 2)));

        assertEquals(
                List.of("0: true false", "1: false true", "0: true false", "1: false true"),
                module.learning);
        assertEquals(4, result.globalStep());
        assertTrue(module.parameters().stream().allMatch(Parameter::requiresGrad));
    }

    /// Does by hand what the loops do.
    private static final class ByHand extends Slope {
        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var loss = loss(batch);
            step.zeroGrad(0);
            step.backward(loss);
            step.optimizerStep(0);
            step.log("loss", loss);
            return loss;
        }
    }

    @Test
    void manualOptimizationDoesWhatTheModuleSays() {
        var manual = new ByHand();
        var automatic = new Slope();

        var result = trainer(2).fit(manual, DataModule.of(Slope.points(4, 2)));

        assertEquals(trainer(2).fit(automatic, DataModule.of(Slope.points(4, 2))), result);
        assertEquals(automatic.values(), manual.values());
    }

    @Test
    void aModuleThatTheLoopsOptimizeDoesNotDoItToo() {
        var module =
                new Slope() {
                    @Override
                    public Tensor trainingStep(Batch batch, Step step) {
                        step.optimizerStep(0);
                        return loss(batch);
                    }
                };

        var refused =
                assertThrows(
                        IllegalStateException.class,
                        () -> trainer(1).fit(module, DataModule.of(Slope.points(4, 2))));

        assertEquals(
                "Step.optimizerStep: the loops optimize this module; override"
                        + " automaticOptimization() to do it by hand",
                refused.getMessage());
    }

    @Test
    void theLimitOfStepsEndsAnEpochEarly() {
        var result =
                Trainer.of(config -> config.maxSteps(3))
                        .fit(new Slope(), DataModule.of(Slope.points(4, 2)));

        assertEquals(3, result.globalStep());
        assertEquals(2, result.epochs());
        assertEquals(Optional.empty(), result.stopReason());
    }

    @Test
    void aStopIsHonouredOnceTheMinimumIsMet() {
        var early = stoppedAtTheFirstBatch(0);
        assertEquals(1, early.epochs());
        assertEquals(1, early.globalStep());
        assertEquals(Optional.of("enough"), early.stopReason());

        var later = stoppedAtTheFirstBatch(2);
        assertEquals(2, later.epochs());
        assertEquals(4, later.globalStep());
    }

    private static FitResult stoppedAtTheFirstBatch(int minEpochs) {
        var log =
                new HookLog((name, run) -> {
                    if (name.equals("onTrainBatchEnd")) {
                        run.stop("enough");
                    }
                });
        return Trainer.of(config ->
                        config.maxEpochs(5)
                                .plan(plan -> plan.minEpochs(minEpochs))
                                .callbacks(log.callback()))
                .fit(new Slope(), DataModule.of(Slope.points(4, 2)));
    }

    @Test
    void whatAModuleThrowsArrivesUnchangedWithThePathOfItsLoop() {
        var fault = new IllegalStateException("a fault");
        var module =
                new Slope() {
                    @Override
                    public Tensor trainingStep(Batch batch, Step step) {
                        throw fault;
                    }
                };
        var log = new HookLog();
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(log.callback()));
        var data = DataModule.of(Slope.points(4, 2));

        assertSame(
                fault, assertThrows(IllegalStateException.class, () -> trainer.fit(module, data)));
        assertEquals(
                "in loop 'fit_loop.epoch_loop.batch_loop.optimizer_loop', advance",
                LoopTrace.of(fault).orElseThrow().getMessage());
        assertTrue(log.text().endsWith("onTrainBatchStart 0\nonException\nteardown\n"), log.text());
        assertEquals(2, trainer.fit(new Slope(), data).globalStep());
    }

    @Test
    void aSecondFitIsANewRunWithTheValuesOfTheFirst() {
        var trainer = trainer(2);
        var module = new Slope();
        var data = DataModule.of(Slope.points(4, 2));

        var first = trainer.fit(module, data);
        var second = trainer.fit(module, data);

        assertEquals(2, second.epochs());
        assertEquals(4, second.globalStep());
        assertTrue(second.metric("loss") < first.metric("loss"));
    }

    @Test
    void aTrainedModuleIsMeasuredAndAskedForPredictions() {
        var trainer = trainer(1);
        var module = new Slope();
        var data = Slope.data(Slope.points(4, 2));
        var fit = trainer.fit(module, data);

        var measured = trainer.validate(module, data).metrics();
        assertEquals(fit.metric("val_loss"), measured.get("val_loss"));
        assertEquals(measured, trainer.test(module, data).metrics());

        var predictions = trainer.predict(module, data);
        assertEquals(1, predictions.size());
        assertEquals(1, predictions.getFirst().size());
        var values = module.values();
        assertEquals(
                values.getFirst() * 0.25 + values.getLast(),
                predictions.getFirst().getFirst().select(0, 0).item(),
                1e-6);
        assertTrue(module.training());
    }

    @Test
    void aModuleWithoutValuesIsNotMeasured() {
        var refused =
                assertThrows(
                        IllegalStateException.class,
                        () -> trainer(1).validate(new Slope(), Slope.data(Slope.points(4, 2))));

        assertEquals(
                "Slope: its parameters have no values yet; fit it, load a state, or call"
                        + " initialize(key)",
                refused.getMessage());
    }

    /// A fit that does nothing.
    private static final class NoFit extends Loop<FitRun, FitResult> {
        @Override
        protected boolean done(FitRun run) {
            return true;
        }

        @Override
        protected void advance(FitRun run) {}

        @Override
        protected FitResult onRunEnd(FitRun run) {
            return new FitResult(0, 0, Optional.empty(), run.scope().metrics().all());
        }
    }

    @Test
    void placesBelowALoopOfOnesOwnAreItsOwnAffair() {
        var trainer = trainer(1);
        trainer.slots().fit().connect(new NoFit());

        var refused = assertThrows(IllegalStateException.class, () -> trainer.slots().epoch());

        assertEquals(
                "Slot 'fit_loop': holds a loops.core.TrainerTest$NoFit, asked for a"
                        + " loops.core.loop.FitLoop; use get(), or the type that you put there",
                refused.getMessage());
        assertEquals(0, trainer.fit(new Slope(), DataModule.of(Slope.points(4, 2))).epochs());
    }

    @Test
    void loggersGetWhatTheModuleWasMadeWith() {
        var logger = MemoryLogger.of();
        var made = Fields.empty().with("width", 64).with("activation", "relu");
        var module =
                new Slope() {
                    @Override
                    public Fields hyperparameters() {
                        return made;
                    }
                };

        Trainer.of(config -> config.maxEpochs(1).loggers(logger))
                .fit(module, DataModule.of(Slope.points(4, 2)));

        assertEquals(made, logger.hyperparameters());
    }

    @Test
    void aSourceThatDoesNotKnowItsLengthIsTakenToItsEnd() {
        var counted = Slope.points(5, 2);
        var uncounted =
                new BatchSource() {
                    @Override
                    public OptionalInt batchCount() {
                        return OptionalInt.empty();
                    }

                    @Override
                    public BatchCursor open(long epoch, long position) {
                        return counted.open(epoch, position);
                    }
                };
        var module = new Slope();
        var same = new Slope();

        var result = trainer(2).fit(module, DataModule.of(uncounted, uncounted));

        assertEquals(6, result.globalStep());
        assertEquals(trainer(2).fit(same, DataModule.of(counted, counted)), result);
        assertEquals(same.values(), module.values());
    }

    private static Trainer trainer(int epochs) {
        return Trainer.of(config -> config.maxEpochs(epochs));
    }

    /// {@return slope and height after two epochs}
    private static List<Double> fitted(int samples, int batchSize, Consumer<TrainerConfig> more) {
        var module = new Slope();
        Trainer.of(config -> more.accept(config.maxEpochs(2)))
                .fit(module, DataModule.of(Slope.points(samples, batchSize)));
        return module.values();
    }

    private static void assertClose(List<Double> wanted, List<Double> values) {
        for (int i = 0; i < wanted.size(); i++) {
            assertEquals(wanted.get(i), values.get(i), 1e-5);
        }
    }

    // ---- states of callbacks

    /// Makes its state when it is set up.
    private static final class SetUp implements Callback {
        private long @Nullable [] counts;

        @Override
        public void setup(RunView run) {
            counts = new long[run.optimizers().size() + 2];
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("counts", Objects.requireNonNull(counts).length);
        }
    }

    @Test
    void aCallbackIsNotAskedForItsStateBeforeItIsSetUp() {
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(new SetUp()));

        assertEquals(2, trainer.fit(new Slope(), Slope.data(Slope.points(4, 2))).globalStep());
    }

    @Test
    void twoStatesUnderOneKeyAreRefusedBeforeAnythingIsTrained() {
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(new SetUp(), new SetUp()));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> trainer.fit(new Slope(), Slope.data(Slope.points(4, 2))));

        assertEquals(
                "Hooks: two callbacks have the state key 'SetUp'; override stateKey() in one of them",
                refused.getMessage());
    }
}
