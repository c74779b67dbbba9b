package loops.core.loop;

import loops.core.training.TrainingModule;

/// While it is open, a module is in evaluation mode; then in the mode that it had before.
final class EvaluationMode implements AutoCloseable {
    private final TrainingModule module;
    private final boolean before;

    /// @param before whether it was in training mode
    EvaluationMode(TrainingModule module, boolean before) {
        this.module = module;
        this.before = before;
        module.eval();
    }

    @Override
    public void close() {
        if (before) {
            module.train();
        }
    }
}
