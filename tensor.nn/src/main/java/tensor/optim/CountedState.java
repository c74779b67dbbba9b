package tensor.optim;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import tensor.api.Tensor;

/// Tensors of a parameter's shape by name, and how many gradients have entered them.
///
/// @param step how many gradients have entered
/// @param tensors what they made, by PyTorch's names
record CountedState(long step, SequencedMap<String, Tensor> tensors)
        implements TransformState<CountedState> {
    private static final String STEP = "step";

    CountedState {
        tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    }

    /// {@return the state before the first gradient: every tensor full of `value`}
    static CountedState first(Tensor parameter, double value, String... names) {
        Tensor full =
                parameter
                        .device()
                        .with(() -> Tensor.full(parameter.shape(), value, parameter.dtype()));
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Arrays.stream(names).forEach(name -> tensors.put(name, full));
        return new CountedState(0, tensors);
    }

    static CountedState restore(SavedState saved, String... names) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Arrays.stream(names).forEach(name -> tensors.put(name, saved.tensor(name)));
        return new CountedState(saved.count(STEP), tensors);
    }

    Tensor get(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /// {@return the state after a further gradient}
    ///
    /// @param changed the tensors, in their order
    CountedState next(Tensor... changed) {
        List<String> names = List.copyOf(tensors.keySet());
        SequencedMap<String, Tensor> after = new LinkedHashMap<>();
        for (int i = 0; i < changed.length; i++) {
            after.put(names.get(i), changed[i]);
        }
        return new CountedState(step + 1, after);
    }

    /// {@return the state after a further gradient, but for the tensors}
    CountedState counted() {
        return new CountedState(step + 1, tensors);
    }

    @Override
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> entries = new LinkedHashMap<>();
        entries.put(STEP, Tensor.scalar(step));
        entries.putAll(tensors);
        return entries;
    }

    @Override
    public CountedState map(UnaryOperator<Tensor> change) {
        SequencedMap<String, Tensor> changed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> changed.put(name, change.apply(tensor)));
        return new CountedState(step, changed);
    }
}
