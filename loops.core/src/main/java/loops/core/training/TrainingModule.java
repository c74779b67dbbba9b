package loops.core.training;

import java.util.List;
import java.util.Optional;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;
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

    /// {@return the loss of a batch: a scalar, the mean over the samples; `null` to leave the batch out} A batch that is
    /// left out changes nothing and counts for no optimizer step.
    ///
    /// @param batch the samples
    /// @param step where the step stands, and what takes its reports
    public abstract @Nullable Tensor trainingStep(Batch batch, Step step);

    /// {@return the optimizers that train this module} Called once for each fit, after `setup`, when the parameters have
    /// values; around trials, as of learning rates, more often. Each call makes new ones.
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

    /// Called before anything else in each run, to fetch what the data or the module needs. Default: nothing.
    public void prepareData() {}

    /// {@return what this module was made with, for the loggers: sizes, rates, names} Default: nothing.
    public Fields hyperparameters() {
        return Fields.empty();
    }

    /// {@return callbacks that belong to this module} Each takes the place of a trainer's callback of the same class, or
    /// is added. Default: none.
    public List<Callback> configureCallbacks() {
        return List.of();
    }

    /// {@return how batches are split along time; not at all by default}
    public Optional<SequenceSplit> sequenceSplit() {
        return Optional.empty();
    }

    /// {@return whether the results of all steps of an epoch are kept for [#trainingEpochEnd] and its like} Default: no;
    /// log what is to be averaged instead.
    public boolean keepsResults() {
        return false;
    }

    /// Called after the last batch of an epoch, before all other hooks of its end.
    ///
    /// @param run what may be looked at and asked for
    /// @param results the results of its batches, if they are kept; else none
    public void trainingEpochEnd(RunView run, List<BatchResult> results) {}

    /// Called after the last batch of a validation, before all other hooks of its end.
    ///
    /// @param run what may be looked at and asked for
    /// @param results for each data loader the results of its batches, if they are kept; else none
    public void validationEpochEnd(RunView run, List<List<StepResult>> results) {}

    /// Called after the last batch of a test, before all other hooks of its end.
    ///
    /// @param run what may be looked at and asked for
    /// @param results for each data loader the results of its batches, if they are kept; else none
    public void testEpochEnd(RunView run, List<List<StepResult>> results) {}

    /// {@return whether [#validationStep] is overridden} If it is not, there is no validation.
    public final boolean validates() {
        return overrides("validationStep");
    }

    /// {@return whether [#testStep] or [#validationStep] is overridden} If not, there is nothing to test.
    public final boolean tests() {
        return overrides("testStep") || validates();
    }

    /// {@return whether [#predictStep] is overridden}
    public final boolean predicts() {
        return overrides("predictStep");
    }

    private boolean overrides(String step) {
        try {
            var method = getClass().getMethod(step, Batch.class, Step.class);
            return method.getDeclaringClass() != TrainingModule.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /// {@return whether the loops do backward passes and optimizer steps} If not, [#trainingStep] does them by
    /// [Step#backward], [Step#optimizerStep] and [Step#zeroGrad], and its result is only reported. Default: yes.
    public boolean automaticOptimization() {
        return true;
    }
}
