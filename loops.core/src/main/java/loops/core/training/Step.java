package loops.core.training;

import java.util.Optional;
import java.util.function.ObjDoubleConsumer;
import tensor.api.Tensor;

/// Where a step of a module stands in its run, and what it may report.
///
/// All indices count from 0.
///
/// @param activity what is being done
/// @param epoch the epoch of training, or in which an evaluation takes place
/// @param batchIndex the batch within the epoch or the data loader
/// @param loaderIndex the data loader; 0 in training
/// @param optimizerIndex the optimizer that the loss is for; 0 if there is one, or none
/// @param globalStep the steps that all optimizers together have made so far
/// @param sink takes what is logged
/// @param manual what a module may do by itself; empty unless it optimizes manually
public record Step(
        Activity activity,
        int epoch,
        int batchIndex,
        int loaderIndex,
        int optimizerIndex,
        long globalStep,
        ObjDoubleConsumer<String> sink,
        Optional<ManualControl> manual) {

    /// Reports a value. Over an epoch values are averaged, each weighted by the samples of its batch.
    ///
    /// @param name the name of the metric
    /// @param value the value
    public void log(String name, double value) {
        sink.accept(name, value);
    }

    /// Reports the value of a tensor of one element.
    ///
    /// @param name the name of the metric
    /// @param value the value
    /// @throws tensor.layout.ShapeException if it has more
    public void log(String name, Tensor value) {
        log(name, value.item());
    }

    /// Computes the gradients of `loss` and adds them to those that the parameters have.
    ///
    /// @param loss a scalar
    /// @throws IllegalStateException unless the module optimizes manually
    public void backward(Tensor loss) {
        control("backward").backward(loss);
    }

    /// Drops the gradients of one optimizer's parameters.
    ///
    /// @param optimizer its place in the plan, from 0
    /// @throws IllegalStateException unless the module optimizes manually
    public void zeroGrad(int optimizer) {
        control("zeroGrad").zeroGrad(optimizer);
    }

    /// Lets one optimizer change its parameters.
    ///
    /// @param optimizer its place in the plan, from 0
    /// @throws IllegalStateException unless the module optimizes manually
    public void optimizerStep(int optimizer) {
        control("optimizerStep").optimizerStep(optimizer);
    }

    private ManualControl control(String verb) {
        return manual.orElseThrow(() ->
                new IllegalStateException(
                        "Step.%s: the loops optimize this module; override automaticOptimization() to do it by hand"
                                .formatted(verb)));
    }
}
