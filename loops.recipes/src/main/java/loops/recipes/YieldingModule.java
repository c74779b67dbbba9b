package loops.recipes;

import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.Tensor;
import tensor.data.Batch;

/// A module that is trained by several optimizers in one step, which yields a loss for each. A [YieldLoop] trains it.
///
/// ```java
/// @Override
/// public void trainingStep(Batch batch, Step step, Yields y) {
///     Tensor fake = generator.apply(noise(batch));
///     y.yield(DISCRIMINATOR, tellsApart(batch.input(), fake.detach()));
///     y.yield(GENERATOR, passesAsReal(fake));   // by the discriminator that has just learned
/// }
/// ```
public abstract class YieldingModule extends TrainingModule {
    /// A module without children; subclasses declare theirs in field initialisers.
    protected YieldingModule() {}

    /// Computes the losses of a batch and yields each as soon as it is there.
    ///
    /// Up to a yield, `step` is that of its optimizer: what is logged, put out and carried over belongs to it.
    ///
    /// @param batch the samples
    /// @param step where the step stands, and what takes its reports
    /// @param y takes the losses; good for this call
    public abstract void trainingStep(Batch batch, Step step, Yields y);

    /// Never gives one loss.
    ///
    /// @throws IllegalStateException always: a loop is at work that does not know of yields
    @Override
    public final Tensor trainingStep(Batch batch, Step step) {
        throw new IllegalStateException(
                "%s: its step yields a loss for each optimizer, and the loop asked for one; put a YieldLoop in the place of the optimizer loop"
                        .formatted(getClass().getSimpleName()));
    }
}
