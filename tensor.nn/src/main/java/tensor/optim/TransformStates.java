package tensor.optim;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// A transform together with what it remembers of each parameter of an optimizer.
///
/// @param <S> what is remembered of one parameter
final class TransformStates<S extends TransformState<S>> {
    private final List<Parameter> parameters;
    private GradientTransform<S> transform;

    /// One a parameter, null before its first gradient; the tensors in it are loose and owned by this object.
    private final List<@Nullable S> states = new ArrayList<>();

    TransformStates(GradientTransform<S> transform, List<Parameter> parameters) {
        this.transform = transform;
        this.parameters = parameters;
        parameters.forEach(_ -> states.add(null));
    }

    GradientTransform<S> transform() {
        return transform;
    }

    void momentum(double value) {
        transform = transform.withMomentum(value);
    }

    void step(double learningRate) {
        List<Integer> reached = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).gradValues().isPresent()) {
                reached.add(i);
                parts.add(Part.of(parameters.get(i)));
            }
        }
        // The inner scope releases what the transform made on the way, also where the program uses
        // no scopes.
        GradientTransform.Result<S> result =
                TensorScope.call(
                        "optimizer step", scope -> changed(scope, parts, reached, learningRate));
        for (int k = 0; k < parts.size(); k++) {
            S before = states.set(reached.get(k), result.states().get(k));
            Part part = parts.get(k);
            if (part.rows().isEmpty()) {
                giveToScope(before);
            }
            part.assign(result.updates().get(k));
        }
    }

    /// {@return the new values of what is changed, and the new states of the whole parameters, loose}
    private GradientTransform.Result<S> changed(
            TensorScope scope, List<Part> parts, List<Integer> reached, double learningRate) {
        List<Tensor> gradients = new ArrayList<>();
        List<Tensor> values = new ArrayList<>();
        List<S> before = new ArrayList<>();
        List<S> inParts = new ArrayList<>();
        for (int k = 0; k < parts.size(); k++) {
            Part part = parts.get(k);
            S whole = state(reached.get(k));
            before.add(whole);
            inParts.add(whole.map(part::in));
            gradients.add(part.gradient());
            values.add(part.value());
        }
        var made = transform.descend(gradients, inParts, values, learningRate);
        made.updates().forEach(scope::keep);
        List<S> after = new ArrayList<>(); // last, because it overwrites
        for (int k = 0; k < parts.size(); k++) {
            after.add(parts.get(k).put(before.get(k), made.states().get(k)));
        }
        return new GradientTransform.Result<>(made.updates(), after);
    }

    /// {@return what a captured step does with a group that has these states}
    CapturedGroup<S> captured(ParameterGroup group) {
        return new CapturedGroup<>(group, this);
    }

    /// Takes over copies of what is remembered of a parameter.
    void replace(int parameter, S next) {
        giveToScope(states.set(parameter, next.map(TensorScope::take)));
    }

    /// {@return what is remembered of a parameter}
    S state(int parameter) {
        S state = states.get(parameter);
        return state == null
                ? transform
                        .init(parameters.get(parameter).ownValue().detach())
                        .map(TensorScope::take)
                : state;
    }

    /// @param first index of the first parameter in the keys
    void stateDict(int first, SequencedMap<String, Tensor> dict) {
        for (int i = 0; i < states.size(); i++) {
            S state = states.get(i);
            if (state != null) {
                String prefix = first + i + ".";
                state.stateDict().forEach((name, tensor) -> dict.put(prefix + name, tensor));
            }
        }
    }

    /// {@return an action that takes over what is saved; nothing is changed before}
    ///
    /// @param first index of the first parameter in the keys
    /// @param entries one map a parameter, empty where nothing is remembered
    Runnable restore(int first, List<? extends Map<String, Tensor>> entries) {
        List<@Nullable S> restored = new ArrayList<>();
        Set<String> unknown = new LinkedHashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).isEmpty()) {
                restored.add(null);
                continue;
            }
            String prefix = first + i + ".";
            SavedState saved =
                    new SavedState(prefix, parameters.get(i).ownValue().detach(), entries.get(i));
            restored.add(transform.restore(saved));
            saved.unread().forEach(name -> unknown.add(prefix + name));
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "loadStateDict: unknown %s; this optimizer keeps no such state"
                            .formatted(unknown));
        }
        return () -> {
            for (int i = 0; i < restored.size(); i++) {
                S state = restored.get(i);
                giveToScope(states.set(i, state == null ? null : state.map(TensorScope::take)));
            }
        };
    }

    /// {@return an action that sets the momentum; nothing is changed before}
    Runnable restoreMomentum(double value) {
        GradientTransform<S> changed = transform.withMomentum(value);
        return () -> transform = changed;
    }

    private static <S extends TransformState<S>> void giveToScope(@Nullable S state) {
        if (state != null) {
            state.map(tensor -> {
                TensorScope.give(tensor);
                return tensor;
            });
        }
    }
}
