package tensor.optim;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import tensor.api.Device;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.Shape;

/// What a captured step does with one group of parameters.
///
/// States consist of tensors, which the device changes, and of what the host counts. Of the latter there is one for all
/// parameters, which must have had as many gradients.
///
/// @param <S> what is remembered of one parameter
final class CapturedGroup<S extends TransformState<S>> {
    private final ParameterGroup group;
    private final TransformStates<S> states;
    private final GradientTransform<S> transform;
    private final List<Integer> indices = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<S> first = new ArrayList<>();

    /// The states as the optimizer has them until new ones are given.
    private final List<S> given = new ArrayList<>();

    /// Stands for tensors where the host alone counts.
    private final Tensor one;

    /// What the host counts, before the next step and behind it.
    private S counts;

    private S after;

    CapturedGroup(ParameterGroup group, TransformStates<S> states) {
        this.group = group;
        this.states = states;
        this.transform = states.transform();
        for (int i = 0; i < group.parameters().size(); i++) {
            Parameter parameter = group.parameters().get(i);
            if (parameter.gradValues().isPresent()) {
                indices.add(i);
                parameters.add(parameter);
                first.add(states.state(i));
                given.add(first.getLast());
            }
        }
        if (parameters.isEmpty() || parameters.stream().anyMatch(Parameter::rowSparse)) {
            throw new IllegalArgumentException(
                    "CapturedStep: a group of %d parameters has %d with a gradient; make a plain step before, and none may keep its gradient by rows"
                            .formatted(group.parameters().size(), parameters.size()));
        }
        var dtype = parameters.getFirst().ownValue().dtype();
        this.one =
                TensorScope.loose(() -> Device.cpu().with(() -> Tensor.ones(Shape.of(1), dtype)));
        this.counts = counts(first.getFirst());
        this.after = counts;
        if (!first.stream().allMatch(each -> counts(each).equals(counts))) {
            throw new IllegalArgumentException(
                    "CapturedStep: parameters of a group have had different numbers of gradients; put them into groups of their own");
        }
    }

    private S counts(S state) {
        return state.map(_ -> one);
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /// {@return the tensors of the states, parameter by parameter}
    List<Tensor> first() {
        return tensors(first);
    }

    private static <S extends TransformState<S>> List<Tensor> tensors(List<S> states) {
        List<Tensor> all = new ArrayList<>();
        states.forEach(state ->
                state.map(tensor -> {
                    all.add(tensor);
                    return tensor;
                }));
        return all;
    }

    private List<S> filled(Iterator<Tensor> tensors) {
        List<S> all = new ArrayList<>();
        parameters.forEach(_ -> all.add(counts.map(_ -> tensors.next())));
        return all;
    }

    /// Finds the numbers of the next step, which a feed hears.
    void count() {
        if (!states.transform().equals(transform)) {
            throw new IllegalStateException(
                    "CapturedStep: the momentum was changed; capture the step again");
        }
        if (transform instanceof Counting<S> counting && counting.counts()) {
            after = counting.count(counts, group.learningRate());
        } else {
            TensorScope.run("numbers", () -> Tensor.noGrad(this::countByTensors));
        }
    }

    private void countByTensors() {
        List<Tensor> any = List.of(one);
        var made = transform.descend(any, List.of(counts), any, group.learningRate());
        after = counts(made.states().getFirst());
    }

    /// Goes on behind the step whose numbers were found last.
    void advance() {
        counts = after;
    }

    /// {@return what the host counts, to come back to it}
    Runnable mark() {
        S before = counts;
        return () -> counts = before;
    }

    /// {@return the new values, and behind them the tensors of the new states}
    ///
    /// @param gradients one a parameter
    /// @param values the present ones
    /// @param before the tensors of the present states
    /// @param share of the learning rate
    List<Tensor> descend(
            List<Tensor> gradients, List<Tensor> values, Iterator<Tensor> before, double share) {
        List<S> now = filled(before);
        var made = transform.descend(gradients, now, values, share * group.learningRate());
        if (tensors(made.states()).size() != tensors(now).size()) {
            throw new IllegalStateException(
                    "CapturedStep: the first step of this optimizer is another than the next; make it before");
        }
        List<Tensor> all = new ArrayList<>(made.updates());
        all.addAll(tensors(made.states()));
        return all;
    }

    /// {@return whether the optimizer remembers what it was given last}
    boolean isCurrent() {
        for (int i = 0; i < given.size(); i++) { // in every step: no iterator
            if (!states.state(indices.get(i)).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// Gives the parameters and the optimizer what was learned.
    void give(Iterator<Tensor> values, Iterator<Tensor> after) {
        List<S> now = filled(after);
        for (int i = 0; i < parameters.size(); i++) {
            states.replace(indices.get(i), now.get(i));
            given.set(i, states.state(indices.get(i)));
            parameters.get(i).assign(values.next());
        }
    }
}
