package tensor.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
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
/// A step replaces every parameter `p` that has a gradient by `p − learningRate · u`, where `u` is what the
/// [GradientTransform] makes of the gradients. A parameter without a gradient, and what is remembered of it, stays.
///
/// **Ownership.** States belong to no scope: a step hands the old ones and the old values to the current
/// [tensor.api.TensorScope]. **Threads.** Used by one thread at a time.
public final class Optimizer {
    private static final String LEARNING_RATE = "learning_rate";

    private final List<Parameter> parameters;
    private final TransformStates<?> states;
    private double learningRate;

    private Optimizer(List<Parameter> parameters, double learningRate, TransformStates<?> states) {
        this.parameters = parameters;
        this.states = states;
        learningRate(learningRate);
    }

    /// {@return an optimizer of these parameters}
    ///
    /// @param parameters what it changes
    /// @param learningRate the length of a step, from 0
    /// @param transform makes updates of gradients
    /// @throws IllegalArgumentException if a parameter is there twice, or the learning rate is not a number from 0
    public static Optimizer of(
            List<Parameter> parameters, double learningRate, GradientTransform<?> transform) {
        List<Parameter> copy = List.copyOf(parameters);
        Set<Parameter> once = new LinkedHashSet<>(copy);
        if (once.size() != copy.size()) {
            throw new IllegalArgumentException(
                    "Optimizer: %d of %d parameters are there twice; each is changed by one optimizer once"
                            .formatted(copy.size() - once.size(), copy.size()));
        }
        return new Optimizer(copy, learningRate, states(transform, copy.size()));
    }

    private static <S extends TransformState<S>> TransformStates<S> states(
            GradientTransform<S> transform, int count) {
        return new TransformStates<>(transform, count);
    }

    /// {@return what it changes}
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
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Optimizer: learningRate is " + value + "; use a number from 0");
        }
        learningRate = value;
    }

    /// Changes every parameter that has a gradient.
    public void step() {
        Tensor.noGrad(() -> states.step(parameters, learningRate));
    }

    /// Takes the gradients away from all parameters.
    public void zeroGrad() {
        parameters.forEach(Parameter::zeroGrad);
    }

    /// {@return the learning rate and what is remembered of each parameter} Keys are `learning_rate` and, for example,
    /// `3.exp_avg` of the parameter with index 3; a parameter that has had no gradient yet has none.
    ///
    /// The tensors are those in use. The next step hands them to the scope in which it is made: copy what is to be kept
    /// beyond that.
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> dict = new LinkedHashMap<>();
        dict.put(LEARNING_RATE, Tensor.scalar(learningRate));
        states.stateDict(dict);
        return dict;
    }

    /// Takes over what [#stateDict] of an equal optimizer gave. Nothing is changed if anything does not fit.
    ///
    /// @param dict the saved state
    /// @throws IllegalArgumentException if entries are missing or unknown, or do not fit their parameters
    public void loadStateDict(Map<String, Tensor> dict) {
        Tensor rate = dict.get(LEARNING_RATE);
        if (rate == null) {
            throw new IllegalArgumentException(
                    "loadStateDict: no '%s'; found %s".formatted(LEARNING_RATE, dict.keySet()));
        }
        List<Map<String, Tensor>> entries = new ArrayList<>();
        parameters.forEach(_ -> entries.add(new LinkedHashMap<>()));
        List<String> unknown = new ArrayList<>();
        dict.forEach((key, tensor) -> {
            int index = index(key);
            if (index >= 0) {
                entries.get(index).put(key.substring(key.indexOf('.') + 1), tensor);
            } else if (!key.equals(LEARNING_RATE)) {
                unknown.add(key);
            }
        });
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "loadStateDict: unknown %s; the optimizer has %d parameters"
                            .formatted(unknown, parameters.size()));
        }
        states.restore(parameters, entries);
        learningRate(rate.item());
    }

    /// {@return the index before the first point of a key, or −1 if that is no index of a parameter}
    private int index(String key) {
        int point = key.indexOf('.');
        for (int i = 0; i < parameters.size() && point > 0; i++) {
            if (key.substring(0, point).equals(Integer.toString(i))) {
                return i;
            }
        }
        return -1;
    }
}
