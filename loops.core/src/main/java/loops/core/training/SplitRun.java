package loops.core.training;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.data.Batch;

/// What the optimizers work on: a batch, or a part of it along time.
///
/// One that was got by [BatchRun#whole] or [BatchRun#part] is moved from part to part: keep what it says, not itself.
public final class SplitRun {
    private final BatchRun whole;
    private final Step step;
    private @Nullable Batch part;
    private int index;
    private int count;
    private boolean carries;

    /// One that stays at its part.
    ///
    /// @param whole the batch
    /// @param part what of it is trained on now
    /// @param index the number of the part, from 0
    /// @param count how many parts the batch has
    /// @param carries whether hidden state goes from part to part
    public SplitRun(BatchRun whole, Batch part, int index, int count, boolean carries) {
        this(whole);
        at(part, index, count, carries);
    }

    SplitRun(BatchRun whole) {
        this.whole = whole;
        this.step = new Step(whole.epoch().fit().scope().metrics());
    }

    SplitRun at(Batch samples, int number, int ofHowMany, boolean withState) {
        part = samples;
        index = number;
        count = ofHowMany;
        carries = withState;
        return this;
    }

    /// {@return the batch}
    public BatchRun whole() {
        return whole;
    }

    /// {@return what of it is trained on now}
    public Batch part() {
        return Objects.requireNonNull(part);
    }

    /// {@return the number of the part, from 0}
    public int index() {
        return index;
    }

    /// {@return how many parts the batch has}
    public int count() {
        return count;
    }

    /// {@return whether hidden state goes from part to part}
    public boolean carries() {
        return carries;
    }

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

    /// {@return a step of the module on this part} A step is good for one call of the module's method, so it is the same
    /// object for all.
    ///
    /// @param optimizer the optimizer that the loss is for, from 0; 0 if there is none
    /// @param hidden the hidden state that the step before has carried over; of no meaning if none is carried
    public Step step(int optimizer, List<Tensor> hidden) {
        return step.at(this, optimizer, carries ? hidden : null);
    }

    @Override
    public String toString() {
        return count == 1 ? whole.toString() : "part " + index + " of " + whole;
    }
}
