package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import loops.core.callback.EarlyStopping;
import loops.core.callback.LambdaCallback;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.checkpoint.Checkpoint;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.HookPoint;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.optim.Sgd;

/// A fast dev run is so many batches of each loop, however many steps are made on them.
class TrialTest {
    private static final DataModule DATA = Slope.data(Slope.points(10, 2));

    /// Counts its batches.
    private static class Counted extends Slope {
        int batches;

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            batches = Math.max(batches, step.batchIndex() + 1);
            return loss(batch);
        }
    }

    private static final class Two extends Counted {
        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(
                    Sgd.of(parameters().subList(0, 1), 0.1),
                    Sgd.of(parameters().subList(1, 2), 0.1));
        }
    }

    private static final class ByHand extends Counted {
        @Override
        public boolean automaticOptimization() {
            return false;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            for (int i = 0; i < 3; i++) {
                step.zeroGrad(0);
                step.backward(loss(batch));
                step.optimizerStep(0);
            }
            return super.trainingStep(batch, step);
        }
    }

    private static FitResult tried(Counted module, int accumulate) {
        return Trainer.of(config ->
                        config.maxSteps(1).fastDevRun(3).plan(plan -> plan.accumulate(accumulate)))
                .fit(module, DATA);
    }

    @Test
    void aTrialTrainsOnAllOfItsBatchesWithTwoOptimizers() {
        var module = new Two();

        var result = tried(module, 1);

        assertEquals(List.of(3L, 6L), List.of((long) module.batches, result.globalStep()));
        assertEquals(1, result.epochs());
    }

    @Test
    void aTrialTrainsOnAllOfItsBatchesWhereTheyAreAccumulated() {
        var module = new Counted();

        var result = tried(module, 2);

        assertEquals(List.of(3L, 2L), List.of((long) module.batches, result.globalStep()));
    }

    @Test
    void aTrialTrainsOnAllOfItsBatchesByHand() {
        var module = new ByHand();

        var result = tried(module, 1);

        assertEquals(List.of(3L, 9L), List.of((long) module.batches, result.globalStep()));
    }

    @Test
    void aTrialLimitsBatchesAndEpochs() {
        var plan = FitPlan.of(config -> config.maxSteps(7).fastDevRun(4));

        assertEquals(Limit.batches(4), plan.trainLimit());
        assertEquals(List.of(1L, -1L), List.of((long) plan.maxEpochs(), plan.maxSteps()));
    }

    // ---- what a trial leaves alone

    @Test
    void aTrialLeavesWhatARealRunHasAutoSaved(@TempDir Path folder) throws IOException {
        var place = folder.resolve("failed.ckpt");
        var failing =
                LambdaCallback.on(
                        HookPoint.TRAIN_EPOCH_END,
                        run -> {
                            throw new IllegalStateException("on purpose");
                        });
        var real = Trainer.of(config -> config.maxEpochs(2).autoSave(place).callbacks(failing));
        assertThrows(IllegalStateException.class, () -> real.fit(new Slope(), DATA));
        var saved = Checkpoint.read(place);

        var _ =
                Trainer.of(config -> config.maxEpochs(2).autoSave(place).fastDevRun(1))
                        .fit(new Slope(), DATA);
        var failingTrial =
                Trainer.of(config -> config.autoSave(place).fastDevRun(1).callbacks(failing));
        assertThrows(IllegalStateException.class, () -> failingTrial.fit(new Slope(), DATA));

        assertEquals(saved, Checkpoint.read(place));
    }

    /// Brings its own callbacks.
    private static final class Bringing extends Slope {
        private final List<Callback> own;

        Bringing(Callback... own) {
            this.own = List.of(own);
        }

        @Override
        public List<Callback> configureCallbacks() {
            return own;
        }
    }

    @Test
    void callbacksOfTheModuleSitOutATrialTooAndMayNotSaveWhereNothingIsToBeSaved(
            @TempDir Path folder) {
        var module =
                new Bringing(
                        ModelCheckpoint.newest(folder.resolve("own")),
                        EarlyStopping.of("nothing", Mode.MIN));

        var _ = Trainer.of(config -> config.fastDevRun(1)).fit(module, DATA);

        assertFalse(Files.exists(folder.resolve("own")));
        var without = Trainer.of(config -> config.maxEpochs(1).checkpointing(false));
        assertEquals(
                "Trainer: checkpointing(false) and ModelCheckpoint, which saves; leave one of them out",
                assertThrows(IllegalArgumentException.class, () -> without.fit(module, DATA))
                        .getMessage());
    }
}
