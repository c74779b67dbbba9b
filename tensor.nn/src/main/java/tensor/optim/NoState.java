package tensor.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import tensor.api.Tensor;

/// The state of a transform that remembers nothing.
public record NoState() implements TransformState<NoState> {
    @Override
    public SequencedMap<String, Tensor> stateDict() {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>());
    }

    @Override
    public NoState map(UnaryOperator<Tensor> change) {
        return this;
    }
}
