package loops.core;

import java.util.List;
import loops.api.Slot;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.PredictionLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.BatchResult;
import loops.core.training.BatchRun;
import loops.core.training.EpochResult;
import loops.core.training.EpochRun;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.LoaderResult;
import loops.core.training.LoaderRun;
import loops.core.training.SplitResult;
import loops.core.training.SplitRun;
import tensor.api.Tensor;

/// The places of a trainer's loops: one for each thing that it does, and those of the default tree below `fit`.
///
/// Where a custom loop stands in between, the places below it are that loop's own affair: asking for them here throws
/// [IllegalStateException] with the path and the type that was found.
public final class TrainerSlots {
    private final Slot<FitRun, FitResult> fit = Slot.root("fit_loop", new FitLoop());
    private final Slot<EvaluationRun, EvaluationResult> validate =
            Slot.root("validate_loop", new EvaluationLoop());
    private final Slot<EvaluationRun, EvaluationResult> test =
            Slot.root("test_loop", new EvaluationLoop());
    private final Slot<EvaluationRun, List<List<Tensor>>> predict;

    TrainerSlots(boolean keepPredictions) {
        predict = Slot.root("predict_loop", new PredictionLoop(keepPredictions));
    }

    /// {@return the place of the loop that fits}
    public Slot<FitRun, FitResult> fit() {
        return fit;
    }

    /// {@return the place of the loop that validates by itself, outside a fit}
    public Slot<EvaluationRun, EvaluationResult> validate() {
        return validate;
    }

    /// {@return the place of the loop that tests}
    public Slot<EvaluationRun, EvaluationResult> test() {
        return test;
    }

    /// {@return the place of the loop that predicts}
    public Slot<EvaluationRun, List<List<Tensor>>> predict() {
        return predict;
    }

    /// {@return the place of the loop over an epoch's batches, `fit_loop.epoch_loop`}
    public Slot<EpochRun, EpochResult> epoch() {
        return fit.get(FitLoop.class).epochLoop();
    }

    /// {@return the place of the loop over a batch's parts, `fit_loop.epoch_loop.batch_loop`}
    public Slot<BatchRun, BatchResult> batch() {
        return epoch().get(TrainingEpochLoop.class).batchLoop();
    }

    /// {@return the place of the loop over the optimizers, `fit_loop.epoch_loop.batch_loop.optimizer_loop`}
    public Slot<SplitRun, SplitResult> optimizer() {
        return batch().get(TrainingBatchLoop.class).optimizerLoop();
    }

    /// {@return the place of manual optimization, `fit_loop.epoch_loop.batch_loop.manual_loop`}
    public Slot<SplitRun, SplitResult> manual() {
        return batch().get(TrainingBatchLoop.class).manualLoop();
    }

    /// {@return the place of the loop that validates within a fit, `fit_loop.epoch_loop.val_loop`}
    public Slot<EvaluationRun, EvaluationResult> validation() {
        return epoch().get(TrainingEpochLoop.class).validationLoop();
    }

    /// {@return the place of the loop over one validation loader within a fit, `fit_loop.epoch_loop.val_loop.epoch_loop`}
    public Slot<LoaderRun, LoaderResult> validationEpoch() {
        return validation().get(EvaluationLoop.class).epochLoop();
    }

    /// {@return the place of the loop over one validation loader outside a fit, `validate_loop.epoch_loop`}
    public Slot<LoaderRun, LoaderResult> validateEpoch() {
        return validate.get(EvaluationLoop.class).epochLoop();
    }

    /// {@return the place of the loop over one test loader, `test_loop.epoch_loop`}
    public Slot<LoaderRun, LoaderResult> testEpoch() {
        return test.get(EvaluationLoop.class).epochLoop();
    }

    /// {@return the place of the loop over one prediction loader, `predict_loop.epoch_loop`}
    public Slot<LoaderRun, List<Tensor>> predictEpoch() {
        return predict.get(PredictionLoop.class).epochLoop();
    }
}
