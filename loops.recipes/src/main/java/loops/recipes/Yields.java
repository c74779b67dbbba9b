package loops.recipes;

import tensor.api.Tensor;

/// Takes the losses that a step yields: one for each optimizer that has its turn, in the order of the plan.
///
/// Optimizers are told apart by their place in the plan, from 0. It is good for one call of a step, on the thread of that
/// call.
public interface Yields {
    /// Lets an optimizer learn from a loss, with all that belongs to its turn, before the step goes on. Only its parameters
    /// get gradients, whatever else leads to the loss. Where the step goes on, those parameters have their new values; what
    /// was computed with the old ones stays as it is.
    ///
    /// @param optimizer whose loss it is
    /// @param loss a scalar, the mean over the samples
    /// @throws IllegalArgumentException if it is `null`, or more than one number
    /// @throws IllegalStateException if it is not the turn of this optimizer, or none of its parameters leads to the loss
    @SuppressWarnings("NamedLikeContextualKeyword") // read as it is called: y.yield(…)
    void yield(int optimizer, Tensor loss);

    /// Lets the turn of an optimizer pass: it learns nothing from this batch, which counts for no step of its own.
    /// The first such turn of a fit is warned of, as that of any step without a loss.
    ///
    /// @param optimizer whose turn it is
    /// @throws IllegalStateException if it is not the turn of this optimizer
    void leaveOut(int optimizer);

    /// {@return whether this batch is a turn of an optimizer} It is, unless the plan has frequencies, or no optimizers at
    /// all.
    ///
    /// @param optimizer the one that is asked about
    /// @throws IllegalArgumentException if the plan has others only
    boolean hasTurn(int optimizer);
}
