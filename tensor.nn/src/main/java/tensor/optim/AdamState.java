package tensor.optim;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import tensor.api.Tensor;

/// The moments of gradients that Adam keeps.
///
/// @param step how many gradients have entered
/// @param mean running mean of the gradient
/// @param square running mean of its square
/// @param maxSquare the largest `square` so far; empty unless AMSGrad is asked for
public record AdamState(long step, Tensor mean, Tensor square, Optional<Tensor> maxSquare)
        implements TransformState<AdamState> {
    static final String STEP = "step";
    static final String MEAN = "exp_avg";
    static final String SQUARE = "exp_avg_sq";
    static final String MAX_SQUARE = "max_exp_avg_sq";

    /// {@return the state after a further gradient, but for the tensors}
    AdamState counted() {
        return new AdamState(step + 1, mean, square, maxSquare);
    }

    /// {@return the state after a further gradient, without AMSGrad}
    AdamState next(Tensor newMean, Tensor newSquare) {
        return new AdamState(step + 1, newMean, newSquare, Optional.empty());
    }

    @Override
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> entries = new LinkedHashMap<>();
        entries.put(STEP, Tensor.scalar(step));
        entries.put(MEAN, mean);
        entries.put(SQUARE, square);
        maxSquare.ifPresent(max -> entries.put(MAX_SQUARE, max));
        return entries;
    }

    @Override
    public AdamState map(UnaryOperator<Tensor> change) {
        return new AdamState(step, change.apply(mean), change.apply(square), maxSquare.map(change));
    }
}
