package loops.core.callback;

import loops.api.LoopState.Fields;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.data.Batch;
import tensor.optim.ParameterAverage;

/// Keeps a running mean of the parameters (EMA), validates with it, and leaves it in the module at the end of the fit.
///
/// ```text
/// a ← decay·a + (1 − decay)·p       after each batch that made an optimizer step
/// ```
///
/// While a validation of the fit runs, the module has the means. In a checkpoint the module has its own values, and the
/// means are in the state of this callback. Buffers are not averaged.
///
/// Polyak and Juditsky, Acceleration of stochastic approximation by averaging, 1992.
public final class ExponentialMovingAverage implements Callback {
    private final double decay;
    private final AverageInUse average;

    private ExponentialMovingAverage(double decay) {
        this.decay = decay;
        this.average =
                new AverageInUse(parameters -> ParameterAverage.exponential(parameters, decay));
    }

    /// {@return a callback with this decay}
    ///
    /// @param decay what is kept of the mean at each update, from 0 to below 1: 0.999
    /// @throws IllegalArgumentException if it is out of its range
    public static ExponentialMovingAverage of(double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException(
                    "ExponentialMovingAverage: decay is %s; use a number from 0 to below 1"
                            .formatted(decay));
        }
        return new ExponentialMovingAverage(decay);
    }

    /// {@return what is kept of the mean at each update}
    public double decay() {
        return decay;
    }

    @Override
    public void onTrainStart(RunView run) {
        average.begin();
    }

    /// A training that had come to its end and goes on does so with the module's own values.
    @Override
    public void onTrainEpochStart(RunView run) {
        average.swap(run, false);
    }

    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        average.updateAfterStep(run);
    }

    @Override
    public void onValidationStart(RunView run) {
        if (run.validatesInFit()) {
            average.swap(run, true);
        }
    }

    @Override
    public void onValidationEnd(RunView run) {
        if (run.validatesInFit()) {
            average.swap(run, false);
        }
    }

    @Override
    public void onTrainEnd(RunView run) {
        average.swap(run, true);
    }

    /// A run that fails while it validates leaves the module its own values.
    @Override
    public void onException(RunView run, Throwable thrown) {
        if (run.scope().trains()) {
            average.swap(run, false);
        }
    }

    @Override
    public Fields stateDict() {
        return average.stateDict();
    }

    @Override
    public void loadStateDict(Fields state) {
        average.loadStateDict(state);
    }
}
