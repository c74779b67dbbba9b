package loops.core.training;

import tensor.data.Batch;

/// What the optimizers work on: a batch, or a part of it along time.
///
/// @param whole the batch
/// @param part what of it is trained on now
/// @param index the number of the part, from 0
/// @param count how many parts the batch has
/// @param carries whether hidden state goes from part to part
public record SplitRun(BatchRun whole, Batch part, int index, int count, boolean carries) {

    /// {@return whether it is the last part of its batch}
    public boolean last() {
        return index == count - 1;
    }

    /// {@return the fit that it belongs to}
    public FitRun fit() {
        return whole.epoch().fit();
    }

    /// {@return what hooks see}
    public RunView view() {
        return whole.epoch().view();
    }
}
