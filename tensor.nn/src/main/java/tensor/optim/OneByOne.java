package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import tensor.api.Tensor;

/// A transform that treats each parameter alone.
///
/// @param <S> what is remembered of one parameter
interface OneByOne<S extends TransformState<S>> extends GradientTransform<S> {
    /// {@return what one gradient makes of a state}
    Step<S> step(S state, Tensor gradient);

    @Override
    default Result<S> update(List<Tensor> gradients, List<S> states, List<Tensor> parameters) {
        List<Tensor> updates = new ArrayList<>(gradients.size());
        List<S> next = new ArrayList<>(gradients.size());
        for (int i = 0; i < gradients.size(); i++) {
            Step<S> step = step(states.get(i), gradients.get(i));
            updates.add(step.update());
            next.add(step.state());
        }
        return new Result<>(updates, next);
    }

    /// What one gradient gives.
    ///
    /// @param <S> what is remembered of the parameter
    /// @param update the update
    /// @param state the state after it
    record Step<S>(Tensor update, S state) {}
}
