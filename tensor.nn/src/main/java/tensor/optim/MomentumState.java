package tensor.optim;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import tensor.api.Tensor;

/// The running sum of gradients that momentum keeps.
///
/// @param buffer the sum; empty before the first gradient, which enters it undampened
public record MomentumState(Optional<Tensor> buffer) implements TransformState<MomentumState> {
    static final String BUFFER = "momentum_buffer";

    @Override
    public SequencedMap<String, Tensor> stateDict() {
        SequencedMap<String, Tensor> entries = new LinkedHashMap<>();
        buffer.ifPresent(sum -> entries.put(BUFFER, sum));
        return entries;
    }

    @Override
    public MomentumState map(UnaryOperator<Tensor> change) {
        return new MomentumState(buffer.map(change));
    }
}
