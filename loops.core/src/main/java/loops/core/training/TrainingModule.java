package loops.core.training;

import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Module;

/// A model and its steps: the research logic, and nothing of the procedure.
///
/// ```java
/// final class Classifier extends TrainingModule {
///     private final Sequential net = child("net", Sequential.of(Linear.of(64, 64), Activation.RELU, Linear.of(64, 10)));
///
///     @Override
///     public Tensor trainingStep(Batch batch, Step step) {
///         Tensor loss = crossEntropy(net.apply(batch.input()), batch.target());
///         step.log("loss", loss);
///         return loss;
///     }
///
///     @Override
///     public OptimizerPlan configureOptimizers() {
///         return OptimizerPlan.of(Adam.of(parameters(), 1e-3));
///     }
/// }
/// ```
///
/// Tensors that a step makes last until the step's scope ends, after the hooks of its batch. Everything that a module
/// remembers beyond that is a parameter, a buffer or a random stream, which are saved with it.
public abstract class TrainingModule extends Module implements TrainingHooks {
    /// A module without children; subclasses declare theirs in field initialisers.
    protected TrainingModule() {}

    /// {@return the loss of a batch: a scalar, the mean over the samples}
    ///
    /// @param batch the samples
    /// @param step where the step stands, and what takes its reports
    public abstract Tensor trainingStep(Batch batch, Step step);

    /// {@return the optimizers that train this module} Called once for each fit, when the parameters have values.
    public abstract OptimizerPlan configureOptimizers();

    /// Measures a validation batch, by [Step#log]. No gradients are recorded. Default: measures nothing.
    ///
    /// @param batch the samples
    /// @param step where the step stands, and what takes its reports
    public void validationStep(Batch batch, Step step) {}

    /// Measures a test batch, by [Step#log]. No gradients are recorded. Default: as a validation batch.
    ///
    /// @param batch the samples
    /// @param step where the step stands, and what takes its reports
    public void testStep(Batch batch, Step step) {
        validationStep(batch, step);
    }

    /// {@return the prediction for a batch, its first axis counting the samples}
    ///
    /// @param batch the samples
    /// @param step where the step stands, and what takes its reports
    /// @throws UnsupportedOperationException by default
    public Tensor predictStep(Batch batch, Step step) {
        throw new UnsupportedOperationException(
                "%s: predictStep is not overridden; give the prediction for a batch there"
                        .formatted(getClass().getSimpleName()));
    }

    /// {@return whether the loops do backward passes and optimizer steps} If not, [#trainingStep] does them by
    /// [Step#backward], [Step#optimizerStep] and [Step#zeroGrad], and its result is only reported. Default: yes.
    public boolean automaticOptimization() {
        return true;
    }
}
