package loops.core.training;

import tensor.data.Batch;

/// What one epoch of training works on.
public final class EpochRun {
    private final FitRun fit;
    private final int epoch;
    private final RunView view;
    private final BatchRun batch;

    /// An epoch of a fit.
    ///
    /// @param fit the fit that it belongs to
    /// @param epoch its number, from 0
    public EpochRun(FitRun fit, int epoch) {
        this.fit = fit;
        this.epoch = epoch;
        this.view = fit.view(epoch);
        this.batch = new BatchRun(this);
    }

    /// {@return the fit that it belongs to}
    public FitRun fit() {
        return fit;
    }

    /// {@return its number, from 0}
    public int epoch() {
        return epoch;
    }

    /// {@return what hooks see}
    public RunView view() {
        return view;
    }

    /// {@return what the training on one batch works on} It is the same object for all batches of this epoch, so that a
    /// step leaves no garbage: it says what the latest call said. Who wants two at a time makes them by
    /// [BatchRun#BatchRun(EpochRun, Batch, int, boolean)].
    ///
    /// @param samples the samples
    /// @param index the number of the batch within the epoch, from 0
    /// @param last whether it is the last of the epoch
    public BatchRun batch(Batch samples, int index, boolean last) {
        return batch.at(samples, index, last);
    }

    @Override
    public String toString() {
        return "epoch " + epoch;
    }
}
