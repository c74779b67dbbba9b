package loops.recipes;

import java.util.List;
import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// Hidden state on its way from one batch to the next.
final class StreamState {
    private StreamState() {}

    /// {@return what a step has carried over, which does not end with the batch}
    static List<Tensor> outliving(Step step) {
        return step.carried().stream().map(TensorScope::take).toList();
    }
}
