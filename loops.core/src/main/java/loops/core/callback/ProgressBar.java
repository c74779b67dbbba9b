package loops.core.callback;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.SequencedMap;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.StepResult;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Shows how far a run has come: on a terminal a bar with rate and time left, elsewhere a line an epoch.
///
/// | bar | counts |
/// |---|---|
/// | of an epoch of training | its batches, and those of the validations within it |
/// | of a validation, sanity check, test or prediction | its batches, of all data loaders |
///
/// The first two are open at once while a validation within a fit runs. It reads the clock and changes nothing, so a run
/// with it has the bits of a run without.
public final class ProgressBar implements Callback {
    private final BarDisplay display;
    private final int refreshEvery;
    private final Watch watch = new Watch();

    /// What is shown at the moment. It is no state: it is about this process.
    private static final class Watch {
        boolean training;
        int trained;
        long before;
        OptionalInt batches = OptionalInt.empty();
        OptionalInt eachValidation = OptionalInt.empty();
        int validated;
        OptionalInt total = OptionalInt.empty();
        int evaluated;
    }

    /// A progress bar.
    ///
    /// @param out where it is shown
    /// @param terminal whether that is a terminal, on which a line can be drawn over
    public ProgressBar(PrintWriter out, boolean terminal) {
        this(terminal ? new TerminalLine(out, InstantSource.system()) : new EpochLines(out), 1);
    }

    private ProgressBar(BarDisplay display, int refreshEvery) {
        if (refreshEvery < 0) {
            throw new IllegalArgumentException(
                    "ProgressBar: refreshEvery is %d; use a number of batches from 1, or 0 to show none"
                            .formatted(refreshEvery));
        }
        this.display = display;
        this.refreshEvery = refreshEvery;
    }

    /// {@return a progress bar that is shown in another way}
    ///
    /// @param display shows it
    public static ProgressBar of(BarDisplay display) {
        return new ProgressBar(display, 1);
    }

    /// {@return this progress bar, shown less often}
    ///
    /// @param batches after how many batches a bar is shown anew, beside its end; 1 if not set, 0 for never
    /// @throws IllegalArgumentException if it is less
    public ProgressBar refreshEvery(int batches) {
        return new ProgressBar(display, batches);
    }

    // ---- training

    @Override
    public void onTrainEpochStart(RunView run) {
        begin(run, 0, run.scope().batches());
    }

    /// @param trained the batches of the epoch that have been trained on
    /// @param before the batches of all epochs before it
    private void begin(RunView run, int trained, long before) {
        watch.training = true;
        watch.trained = trained;
        watch.before = before;
        watch.batches = run.batchCount();
        countValidations(run, run.validationBatchCount(), trained);
        display.begin(training(run, run.metrics().progressBar()));
    }

    /// Sets what the validations of the epoch add to its bar.
    ///
    /// @param each the batches of one of them, if that is known
    /// @param trained the batches of the epoch whose validations are over
    private void countValidations(RunView run, OptionalInt each, int trained) {
        watch.eachValidation = each;
        watch.validated = validations(run, trained) * each.orElse(0);
        watch.total = total(run);
    }

    private OptionalInt total(RunView run) {
        if (watch.batches.isEmpty()) {
            return watch.batches;
        }
        int batches = watch.batches.getAsInt();
        int validations = validations(run, batches);
        return validations > 0 && watch.eachValidation.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(batches + validations * watch.eachValidation.orElse(0));
    }

    /// {@return how many validations there are in the first batches of the epoch}
    private int validations(RunView run, int batches) {
        return run.plan().validations(run.epoch(), watch.before, batches, watch.batches);
    }

    /// An epoch that goes on after a resume has had its start before.
    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        if (!watch.training) {
            begin(run, batchIndex, run.scope().batches() - batchIndex - 1);
        }
        watch.trained = batchIndex + 1;
        showTraining(run);
    }

    private void showTraining(RunView run) {
        if (due(watch.trained + watch.validated, watch.total)) {
            display.show(training(run, run.metrics().progressBar()));
        }
    }

    @Override
    public void onTrainEpochEnd(RunView run) {
        display.end(training(run, run.metrics().all()));
        watch.training = false;
    }

    @Override
    public void onTrainEnd(RunView run) {
        display.close();
    }

    private Bar training(RunView run, SequencedMap<String, Double> metrics) {
        int epochs = run.plan().maxEpochs();
        return new Bar(
                Activity.TRAINING,
                run.epoch(),
                epochs < 0 ? OptionalInt.empty() : OptionalInt.of(epochs),
                watch.trained + watch.validated,
                watch.total,
                metrics);
    }

    // ---- evaluation

    private void beginEvaluation(RunView run) {
        watch.evaluated = 0;
        display.begin(evaluation(run));
    }

    private void evaluated(RunView run) {
        watch.evaluated++;
        if (due(watch.evaluated, run.batchCount())) {
            display.show(evaluation(run));
        }
    }

    private void endEvaluation(RunView run) {
        display.end(evaluation(run));
        if (!run.scope().trains()) {
            display.close();
        }
    }

    private Bar evaluation(RunView run) {
        return new Bar(
                run.activity(),
                run.epoch(),
                OptionalInt.empty(),
                watch.evaluated,
                run.batchCount(),
                run.metrics().progressBar());
    }

    private boolean due(int count, OptionalInt total) {
        boolean last = total.isPresent() && count == total.getAsInt();
        return refreshEvery > 0 && (last || count % refreshEvery == 0) && display.ready();
    }

    /// How many batches a validation has may be known only now: a fit that goes on asks for its sources when it comes to
    /// them.
    @Override
    public void onValidationStart(RunView run) {
        beginEvaluation(run);
        if (countsInTraining(run) && !watch.eachValidation.equals(run.batchCount())) {
            countValidations(run, run.batchCount(), watch.trained - 1);
        }
    }

    private boolean countsInTraining(RunView run) {
        return run.validatesInFit() && watch.training;
    }

    @Override
    public void onValidationBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {
        evaluated(run);
        if (countsInTraining(run)) {
            watch.validated++;
            showTraining(run);
        }
    }

    @Override
    public void onValidationEnd(RunView run) {
        endEvaluation(run);
    }

    @Override
    public void onTestStart(RunView run) {
        beginEvaluation(run);
    }

    @Override
    public void onTestBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {
        evaluated(run);
    }

    @Override
    public void onTestEnd(RunView run) {
        endEvaluation(run);
    }

    @Override
    public void onPredictStart(RunView run) {
        beginEvaluation(run);
    }

    @Override
    public void onPredictBatchEnd(
            RunView run, Tensor prediction, Batch batch, int batchIndex, int loaderIndex) {
        evaluated(run);
    }

    @Override
    public void onPredictEnd(RunView run) {
        endEvaluation(run);
    }

    /// The line that was drawn last is left, so that what is said of the exception gets one of its own.
    @Override
    public void onException(RunView run, Throwable thrown) {
        watch.training = false;
        display.close();
    }
}
