package loops.core.loop;

import java.util.List;
import loops.core.training.TrainingScope;

/// While it is open, a module is in evaluation; then each of its parts is in what it was in before.
final class EvaluationMode implements AutoCloseable {
    private final TrainingScope scope;
    private final List<String> before;

    /// @param before the paths of the parts that were in evaluation
    EvaluationMode(TrainingScope scope, List<String> before) {
        this.scope = scope;
        this.before = before;
        scope.module().eval();
    }

    @Override
    public void close() {
        scope.evaluating(before);
    }
}
