package tensor.optim;

import java.util.List;
import java.util.OptionalDouble;
import tensor.api.Tensor;

/// One stage on the way from gradients to updates: momentum, weight decay, clipping.
///
/// A pure function. The lists of a call run in parallel and hold the parameters that have a gradient in this step; a
/// parameter without one is left out, so its state stays as it is. Tensors are not tracked. A new state must not
/// hold a gradient itself (copy it), because gradients are released with the training step.
///
/// @param <S> what is remembered of one parameter
public interface GradientTransform<S extends TransformState<S>> {
    /// {@return the state of a parameter that has not had a gradient yet}
    ///
    /// @param parameter its present value
    S init(Tensor parameter);

    /// {@return the updates and the states after this step}
    ///
    /// @param gradients what comes from the stage before, in the direction of growing loss
    /// @param states one a parameter
    /// @param parameters the present values
    Result<S> update(List<Tensor> gradients, List<S> states, List<Tensor> parameters);

    /// {@return the new values of the parameters, `p − learningRate · u` for the updates `u`, and the states after this step}
    ///
    /// A stage that can find both in one pass over memory does so here; with the same bits as [#update] and a descent.
    ///
    /// @param gradients as for [#update]
    /// @param states one a parameter
    /// @param parameters the present values
    /// @param learningRate the length of the step
    default Result<S> descend(
            List<Tensor> gradients, List<S> states, List<Tensor> parameters, double learningRate) {
        Result<S> made = update(gradients, states, parameters);
        return new Result<>(Descent.of(parameters, made.updates(), learningRate), made.states());
    }

    /// {@return the state that was written as `saved`}
    ///
    /// @param saved what [TransformState#stateDict] gave
    /// @throws IllegalArgumentException if an entry is missing or does not fit the parameter
    S restore(SavedState saved);

    /// {@return what is kept of a running mean or sum of gradients at each step, for schedules that change it; empty if
    /// there is no such thing}
    default OptionalDouble momentum() {
        return OptionalDouble.empty();
    }

    /// {@return this transform with another momentum; states stay valid}
    ///
    /// @param value the momentum
    /// @throws IllegalArgumentException if the value is out of range
    /// @throws IllegalStateException if [#momentum] is empty
    default GradientTransform<S> withMomentum(double value) {
        throw new IllegalStateException(
                "GradientTransform: there is no momentum that could be set to " + value);
    }

    /// What a step gives.
    ///
    /// @param <S> what is remembered of one parameter
    /// @param updates one a parameter, for the next stage; of a [descent][#descend] the new values
    /// @param states one a parameter, for the next step
    record Result<S>(List<Tensor> updates, List<S> states) {
        /// Copies the lists.
        public Result {
            updates = List.copyOf(updates);
            states = List.copyOf(states);
        }
    }
}
