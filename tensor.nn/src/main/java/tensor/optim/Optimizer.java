package tensor.optim;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import tensor.api.Parameter;
import tensor.api.Tensor;

/// Changes parameters by their gradients: the one place where a learned value changes.
///
/// ```java
/// Optimizer optimizer = Adam.of(model.parameters(), 1e-3);
/// optimizer.zeroGrad();
/// loss.backward();
/// optimizer.step();
/// ```
///
/// Parameters are in groups, each with a learning rate and settings of its own; without a word about groups there is
/// one. A parameter without a gradient, and what is remembered of it, stays as it is in a step.
///
/// **Ownership.** States belong to no scope: a step hands the old ones and the old values to the current
/// [tensor.api.TensorScope]. **Threads.** Used by one thread at a time.
public abstract sealed class Optimizer permits TransformOptimizer, Lbfgs {
    private final List<ParameterGroup> groups;
    private final List<Parameter> parameters;
    private long steps;

    Optimizer(List<ParameterGroup> groups) {
        this.groups = List.copyOf(groups);
        this.parameters =
                this.groups.stream().flatMap(group -> group.parameters().stream()).toList();
        check();
        this.groups.forEach(ParameterGroup::own);
    }

    private void check() {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "Optimizer: there is no group; give at least one, which may be empty");
        }
        Set<Parameter> once = new LinkedHashSet<>(parameters);
        if (once.size() != parameters.size()) {
            throw new IllegalArgumentException(
                    "Optimizer: %d of %d parameters are there twice; each is changed by one optimizer once"
                            .formatted(parameters.size() - once.size(), parameters.size()));
        }
        List<String> names =
                groups.stream().map(ParameterGroup::name).flatMap(Optional::stream).toList();
        if (new LinkedHashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException(
                    "Optimizer: groups are named %s; give each a name of its own".formatted(names));
        }
    }

    /// {@return an optimizer of these parameters, in one group}
    ///
    /// A step replaces every parameter `p` that has a gradient by `p − learningRate · u`, where `u` is what the
    /// transform makes of the gradients.
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param transform makes updates of gradients
    /// @throws IllegalArgumentException if a parameter is there twice, or the learning rate is not a number from 0
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, GradientTransform<?> transform) {
        return of(ParameterGroup.of("Optimizer", parameters, learningRate, transform));
    }

    /// {@return an optimizer of these groups} They may be of different kinds. A transform sees the parameters of its
    /// group alone: a global norm in it is that of the group.
    ///
    /// @param groups at least one, which belong to the optimizer from now on
    /// @throws IllegalArgumentException if there is none, or a parameter or a name is there twice
    /// @throws IllegalStateException if a group belongs to an optimizer already
    public static Optimizer of(ParameterGroup... groups) {
        return of(List.of(groups));
    }

    /// {@return an optimizer of these groups} As [#of(ParameterGroup...)].
    ///
    /// @param groups at least one, which belong to the optimizer from now on
    public static Optimizer of(List<ParameterGroup> groups) {
        return new TransformOptimizer(groups);
    }

    /// {@return the groups of parameters, at least one}
    public final List<ParameterGroup> groups() {
        return groups;
    }

    /// {@return what it changes: the parameters of all groups, in order}
    public final List<Parameter> parameters() {
        return parameters;
    }

    /// {@return name of the method: `SGD`, `Adam`; of all methods if the groups have different ones: `SGD+Adam`}
    public final String kind() {
        return groups.stream()
                .map(ParameterGroup::kind)
                .distinct()
                .collect(Collectors.joining("+"));
    }

    /// {@return the length of a step in the first group}
    public final double learningRate() {
        return groups.getFirst().learningRate();
    }

    /// Sets the length of the steps of the first group from now on.
    ///
    /// @param value from 0
    /// @throws IllegalArgumentException if it is not a number from 0
    public final void learningRate(double value) {
        groups.getFirst().learningRate(value);
    }

    /// {@return how many steps it has made since it was made itself, whoever called for them} It is no part of the state.
    public final long steps() {
        return steps;
    }

    final void count() {
        steps++;
    }

    /// Changes every parameter that has a gradient.
    ///
    /// @throws IllegalStateException if the optimizer [needs a closure][#reevaluates]
    public abstract void step();

    /// Gets gradients from `closure` and changes every parameter that has one; without a loss nothing is changed.
    ///
    /// @param closure gives the loss and sets the gradients; called once, unless [#reevaluates] holds
    /// @return whether a step was made
    public boolean step(Closure closure) {
        if (closure.evaluate().isEmpty()) {
            return false;
        }
        step();
        return true;
    }

    /// {@return whether a step may call its closure several times, and cannot do without one}
    public boolean reevaluates() {
        return false;
    }

    /// Takes the gradients away from all parameters.
    public final void zeroGrad() {
        for (int i = 0; i < parameters.size(); i++) { // in every step: no iterator
            parameters.get(i).zeroGrad();
        }
    }

    /// {@return the settings of the groups that may change, and what is remembered of each parameter} Keys are, for
    /// example, `group.0.learning_rate` and `group.0.momentum` of the first group (the latter only if it has one), and
    /// `3.exp_avg` of the parameter with index 3; a parameter that has had no gradient yet has none.
    ///
    /// The tensors are those in use. The next step hands them to the scope in which it is made: copy what is to be kept
    /// beyond that.
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> dict = new LinkedHashMap<>();
        GroupSettings.write(groups, dict);
        int first = 0;
        for (ParameterGroup group : groups) {
            group.stateDict(first, dict);
            first += group.parameters().size();
        }
        return dict;
    }

    /// Takes over what [#stateDict] of an equal optimizer gave. Nothing is changed if anything does not fit.
    ///
    /// @param dict the saved state
    /// @throws IllegalArgumentException if entries are missing or unknown, or do not fit their parameters
    public abstract void loadStateDict(Map<String, Tensor> dict);
}
