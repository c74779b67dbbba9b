package tensor.optim;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import tensor.api.Tensor;

/// The states of two transforms, one after the other.
///
/// @param <A> what the first remembers
/// @param <B> what the second remembers
/// @param first state of the first
/// @param second state of the second
public record ChainState<A extends TransformState<A>, B extends TransformState<B>>(
        A first, B second) implements TransformState<ChainState<A, B>> {
    /// {@return the entries of both}
    ///
    /// @throws IllegalStateException if both have one of the same name
    @Override
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> entries = new LinkedHashMap<>(first.stateDict());
        second.stateDict()
                .forEach((name, tensor) -> {
                    if (entries.put(name, tensor) != null) {
                        throw new IllegalStateException(
                                "Transforms.chain: two transforms keep a state named '"
                                        + name
                                        + "'; such a chain cannot be saved");
                    }
                });
        return entries;
    }

    @Override
    public ChainState<A, B> map(UnaryOperator<Tensor> change) {
        return new ChainState<>(first.map(change), second.map(change));
    }
}
