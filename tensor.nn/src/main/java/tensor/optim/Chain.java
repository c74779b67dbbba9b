package tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tensor.api.Tensor;

/// Two transforms, the second working on what the first gives.
record Chain<A extends TransformState<A>, B extends TransformState<B>>(
        GradientTransform<A> first, GradientTransform<B> second)
        implements Counting<ChainState<A, B>> {
    @Override
    public ChainState<A, B> init(Tensor parameter) {
        return new ChainState<>(first.init(parameter), second.init(parameter));
    }

    @Override
    public Result<ChainState<A, B>> update(
            List<Tensor> gradients, List<ChainState<A, B>> states, List<Tensor> parameters) {
        Result<A> changed = first.update(gradients, firsts(states), parameters);
        return joined(changed, second.update(changed.updates(), seconds(states), parameters));
    }

    @Override
    public Result<ChainState<A, B>> descend(
            List<Tensor> gradients,
            List<ChainState<A, B>> states,
            List<Tensor> parameters,
            double learningRate) {
        Result<A> changed = first.update(gradients, firsts(states), parameters);
        List<B> seconds = seconds(states);
        return joined(
                changed, second.descend(changed.updates(), seconds, parameters, learningRate));
    }

    @Override
    public boolean counts() {
        return first instanceof Counting<A> one
                && one.counts()
                && second instanceof Counting<B> two
                && two.counts();
    }

    @Override
    public ChainState<A, B> count(ChainState<A, B> state) {
        A changed = ((Counting<A>) first).count(state.first());
        return new ChainState<>(changed, ((Counting<B>) second).count(state.second()));
    }

    @Override
    public ChainState<A, B> count(ChainState<A, B> state, double learningRate) {
        A changed = ((Counting<A>) first).count(state.first());
        B descended = ((Counting<B>) second).count(state.second(), learningRate);
        return new ChainState<>(changed, descended);
    }

    private List<A> firsts(List<ChainState<A, B>> states) {
        return states.stream().map(ChainState::first).toList();
    }

    private List<B> seconds(List<ChainState<A, B>> states) {
        return states.stream().map(ChainState::second).toList();
    }

    private Result<ChainState<A, B>> joined(Result<A> first, Result<B> second) {
        List<ChainState<A, B>> next = new ArrayList<>(first.states().size());
        for (int i = 0; i < first.states().size(); i++) {
            next.add(new ChainState<>(first.states().get(i), second.states().get(i)));
        }
        return new Result<>(second.updates(), next);
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
