package tensor.optim;

import java.util.List;
import tensor.api.Tensor;

/// A transform that remembers nothing.
@FunctionalInterface
interface Stateless extends Counting<NoState> {
    List<Tensor> change(List<Tensor> gradients, List<Tensor> parameters);

    @Override
    default NoState init(Tensor parameter) {
        return new NoState();
    }

    @Override
    default Result<NoState> update(
            List<Tensor> gradients, List<NoState> states, List<Tensor> parameters) {
        return new Result<>(change(gradients, parameters), states);
    }

    /// {@return the state} There are no numbers that change.
    @Override
    default NoState count(NoState state) {
        return state;
    }

    @Override
    default NoState restore(SavedState saved) {
        return new NoState();
    }
}
