package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tensor.api.Tensor;

/// Two transforms, the second working on what the first gives.
record Chain<A extends TransformState<A>, B extends TransformState<B>>(
        GradientTransform<A> first, GradientTransform<B> second)
        implements GradientTransform<ChainState<A, B>> {
    @Override
    public ChainState<A, B> init(Tensor parameter) {
        return new ChainState<>(first.init(parameter), second.init(parameter));
    }

    @Override
    public Result<ChainState<A, B>> update(
            List<Tensor> gradients, List<ChainState<A, B>> states, List<Tensor> parameters) {
        Result<A> changed =
                first.update(
                        gradients, states.stream().map(ChainState::first).toList(), parameters);
        Result<B> result =
                second.update(
                        changed.updates(),
                        states.stream().map(ChainState::second).toList(),
                        parameters);
        List<ChainState<A, B>> next = new ArrayList<>(states.size());
        for (int i = 0; i < states.size(); i++) {
            next.add(new ChainState<>(changed.states().get(i), result.states().get(i)));
        }
        return new Result<>(result.updates(), next);
    }

    @Override
    public ChainState<A, B> restore(SavedState saved) {
        return new ChainState<>(first.restore(saved), second.restore(saved));
    }

    /// {@return that of the first one that has a momentum}
    @Override
    public OptionalDouble momentum() {
        OptionalDouble found = first.momentum();
        return found.isPresent() ? found : second.momentum();
    }

    @Override
    public Chain<A, B> withMomentum(double value) {
        return first.momentum().isPresent()
                ? new Chain<>(first.withMomentum(value), second)
                : new Chain<>(first, second.withMomentum(value));
    }
}
