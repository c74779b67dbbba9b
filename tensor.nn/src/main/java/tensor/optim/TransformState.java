package tensor.optim;

import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import tensor.api.Tensor;

/// What a [GradientTransform] remembers of one parameter from step to step: an immutable record.
///
/// @param <S> the record itself
public interface TransformState<S extends TransformState<S>> {
    /// {@return everything in it by name; counts as int64 scalars, numbers as float64 scalars} Names as in PyTorch: `exp_avg`.
    SequencedMap<String, Tensor> stateDict();

    /// {@return the same state with every tensor replaced}
    ///
    /// @param change gives the replacement, with the same values
    S map(UnaryOperator<Tensor> change);
}
