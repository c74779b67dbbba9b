package loops.core.training;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tensor.data.Batch;

/// What the training on one batch works on.
///
/// One that was got by [EpochRun#batch] is moved from batch to batch: keep what it says, not itself.
public final class BatchRun {
    private final EpochRun epoch;
    private final SplitRun part;
    private @Nullable Batch batch;
    private int index;
    private boolean last;

    /// One that stays at its batch.
    ///
    /// @param epoch the epoch that it belongs to
    /// @param batch the samples
    /// @param index its number within the epoch, from 0
    /// @param last whether it is the last of the epoch
    public BatchRun(EpochRun epoch, Batch batch, int index, boolean last) {
        this(epoch);
        at(batch, index, last);
    }

    BatchRun(EpochRun epoch) {
        this.epoch = epoch;
        this.part = new SplitRun(this);
    }

    BatchRun at(Batch samples, int number, boolean isLast) {
        batch = samples;
        index = number;
        last = isLast;
        return this;
    }

    /// {@return the epoch that it belongs to}
    public EpochRun epoch() {
        return epoch;
    }

    /// {@return the samples}
    public Batch batch() {
        return Objects.requireNonNull(batch);
    }

    /// {@return its number within the epoch, from 0}
    public int index() {
        return index;
    }

    /// {@return whether it is the last of the epoch}
    public boolean last() {
        return last;
    }

    /// {@return whether the accumulation windows of the optimizers that have their turn end with this batch} They do with
    /// every so many turns of theirs in the epoch, and with its last batch.
    public boolean endsWindow() {
        var scope = epoch.fit().scope();
        return last || scope.turns().countAt(index) % scope.accumulate() == 0;
    }

    /// {@return what the optimizers work on, if the batch is one part} As [#part(Batch, int, int)], the same object for
    /// all parts of this.
    public SplitRun whole() {
        return part.at(batch(), 0, 1, false);
    }

    /// {@return what the optimizers work on, if the batch is split along time} It is the same object for all parts of
    /// this, so that a step leaves no garbage: it says what the latest call said.
    ///
    /// @param samples what of the batch is trained on now
    /// @param number the number of the part, from 0
    /// @param count how many parts the batch has
    public SplitRun part(Batch samples, int number, int count) {
        return part.at(samples, number, count, true);
    }

    @Override
    public String toString() {
        return "batch " + index + " of " + epoch;
    }
}
