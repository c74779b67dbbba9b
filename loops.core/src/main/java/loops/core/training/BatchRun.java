package loops.core.training;

import tensor.data.Batch;

/// What the training on one batch works on.
///
/// @param epoch the epoch that it belongs to
/// @param batch the samples
/// @param index its number within the epoch, from 0
/// @param last whether it is the last of the epoch
public record BatchRun(EpochRun epoch, Batch batch, int index, boolean last) {

    /// {@return whether an accumulation window ends with this batch} The last batch of an epoch always ends one.
    public boolean endsWindow() {
        return last || (index + 1) % epoch.fit().scope().accumulate() == 0;
    }
}
