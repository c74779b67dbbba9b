package tensor.optim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.Tensor;

/// Parameters of an optimizer that share a learning rate and all other settings.
///
/// ```java
/// Optimizer optimizer = Optimizer.of(
///         Sgd.group(body.parameters(), 0.01).named("body"),
///         Sgd.group(head.parameters(), 0.1, config -> config.momentum(0.9)).named("head"));
/// ```
///
/// It keeps the states of its parameters, so it belongs to one optimizer. **Threads.** Used by one thread at a time.
public final class ParameterGroup {
    private final String kind;
    private final List<Parameter> parameters;
    private final TransformStates<?> states;
    private @Nullable String name;
    private double learningRate;
    private boolean owned;

    private ParameterGroup(
            String kind,
            List<Parameter> parameters,
            double learningRate,
            TransformStates<?> states) {
        this.kind = kind;
        this.parameters = parameters;
        this.states = states;
        learningRate(learningRate);
    }

    /// {@return a group whose updates are made by `transform`}
    ///
    /// @param kind name of the method in logs: `SGD`
    /// @param parameters what is changed
    /// @param learningRate the length of a step, from 0
    /// @param transform makes updates of gradients
    /// @throws IllegalArgumentException if the learning rate is not a number from 0
    public static ParameterGroup of(
            String kind,
            List<Parameter> parameters,
            double learningRate,
            GradientTransform<?> transform) {
        List<Parameter> copy = List.copyOf(parameters);
        return new ParameterGroup(kind, copy, learningRate, states(transform, copy));
    }

    private static <S extends TransformState<S>> TransformStates<S> states(
            GradientTransform<S> transform, List<Parameter> parameters) {
        return new TransformStates<>(transform, parameters);
    }

    /// Names the group, for logs.
    ///
    /// @param value the name
    /// @return this
    /// @throws IllegalStateException if it belongs to an optimizer already
    public ParameterGroup named(String value) {
        checkFree();
        name = value;
        return this;
    }

    /// {@return its name in logs; empty if it was given none}
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /// {@return name of the method: `SGD`}
    public String kind() {
        return kind;
    }

    /// {@return what is changed}
    public List<Parameter> parameters() {
        return parameters;
    }

    /// {@return the length of a step}
    public double learningRate() {
        return learningRate;
    }

    /// Sets the length of the steps from now on.
    ///
    /// @param value from 0
    /// @throws IllegalArgumentException if it is not a number from 0
    public void learningRate(double value) {
        learningRate = Settings.notNegative("Optimizer", "learningRate", value);
    }

    /// {@return what is kept of a running mean or sum of gradients at each step: the momentum of SGD, the first β of
    /// Adam; empty if the method has no such thing}
    public OptionalDouble momentum() {
        return states.transform().momentum();
    }

    /// Sets the momentum of the steps from now on.
    ///
    /// @param value in the method's range
    /// @throws IllegalArgumentException if it is out of that range
    /// @throws IllegalStateException if the method has no momentum
    public void momentum(double value) {
        if (momentum().isEmpty()) {
            throw new IllegalStateException(
                    "Optimizer: %s has no momentum; it cannot be set to %s".formatted(kind, value));
        }
        states.momentum(value);
    }

    /// Makes the group part of an optimizer.
    void own() {
        checkFree();
        owned = true;
    }

    CapturedGroup<?> captured() {
        return states.captured(this);
    }

    void step() {
        states.step(learningRate);
    }

    /// @param first index of the group's first parameter in the optimizer
    void stateDict(int first, SequencedMap<String, Tensor> dict) {
        states.stateDict(first, dict);
    }

    /// Reads saved states, and changes nothing before the returned action is run.
    ///
    /// @param first index of the group's first parameter in the optimizer
    /// @param entries one map a parameter, empty where nothing is remembered
    Runnable restore(int first, List<? extends Map<String, Tensor>> entries) {
        return states.restore(first, entries);
    }

    /// {@return an action that sets the momentum}
    ///
    /// @throws IllegalArgumentException if the value is out of the method's range
    Runnable restoreMomentum(double value) {
        return states.restoreMomentum(value);
    }

    private void checkFree() {
        if (owned) {
            throw new IllegalStateException(
                    "ParameterGroup: this group of %d parameters belongs to an optimizer already; make another"
                            .formatted(parameters.size()));
        }
    }
}
