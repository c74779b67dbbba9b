package loops.recipes;

import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.Tensor;
import tensor.data.Batch;

/// A module that learns to learn: trained on many small tasks, so that it adapts to a new one from a few samples.
///
/// A batch holds several tasks: its part [#SUPPORT] the samples to adapt to, its part [#QUERY] those to be judged by. Their tensors
/// are `[tasks, samples, ..]`.
///
/// A [MetaLearningLoop] adapts the module to all tasks of a batch at once, so its weights have an axis of tasks in front of their
/// own: `[tasks, out, in]` in the place of `[out, in]`. Layers whose weights meet their inputs by matrix products and by
/// broadcasting work so as they are: [Linear][tensor.nn.Linear], [LayerNorm][tensor.nn.LayerNorm], activations.
public abstract class TaskModule extends TrainingModule {
    /// The part of a batch with the samples to adapt to.
    public static final String SUPPORT = "support";

    /// The part of a batch with the samples by which adapted weights are judged.
    public static final String QUERY = "query";

    /// A module without children; subclasses declare theirs in field initialisers.
    protected TaskModule() {}

    /// {@return the loss of each task, `[tasks]`} A function of the weights, in whose place others may stand.
    ///
    /// @param samples tensors `[tasks, samples, ..]`
    public abstract Tensor taskLosses(Batch samples);

    /// {@return the mean loss of the tasks on what they are judged by, with the weights of the moment} Logged as `loss`.
    @Override
    public Tensor trainingStep(Batch batch, Step step) {
        Tensor loss = taskLosses(batch.part(QUERY)).mean();
        step.log("loss", loss);
        return loss;
    }

    /// Logs the same mean as `val_loss`.
    @Override
    public void validationStep(Batch batch, Step step) {
        step.log("val_loss", taskLosses(batch.part(QUERY)).mean());
    }

    /// {@return a module that can be adapted to tasks}
    ///
    /// @param loop asks for it, for the message
    static TaskModule of(TrainingModule module, String loop) {
        if (module instanceof TaskModule tasks) {
            return tasks;
        }
        throw new IllegalArgumentException(
                "%s: the module is a %s; give it a TaskModule, which knows the loss of a task"
                        .formatted(loop, module.getClass().getSimpleName()));
    }
}
