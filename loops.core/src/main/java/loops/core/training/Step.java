package loops.core.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;

/// Where a step of a module stands in its run, and what it may report.
///
/// All indices count from 0. A step is good for one call of a module's method.
public final class Step {
    private Activity activity = Activity.TRAINING;
    private int epoch;
    private int batchIndex;
    private int loaderIndex;
    private int splitIndex;
    private int optimizerIndex;
    private long globalStep;
    private final Metrics metrics;
    private @Nullable ManualControl manual;
    private @Nullable List<Tensor> hidden; // only where batches are split
    private @Nullable SequencedMap<String, Tensor> outputs; // most steps put out nothing
    private List<Tensor> carried = List.of();

    /// Where a step stands.
    ///
    /// @param activity what is being done
    /// @param epoch the epoch of training, or in which an evaluation takes place
    /// @param batchIndex the batch within the epoch or the data loader
    /// @param loaderIndex the data loader; 0 in training
    /// @param splitIndex the part of the batch; 0 for a whole one
    /// @param optimizerIndex the optimizer that the loss is for; 0 if there is one, or none
    /// @param globalStep the steps that all optimizers together have made so far
    public record Place(
            Activity activity,
            int epoch,
            int batchIndex,
            int loaderIndex,
            int splitIndex,
            int optimizerIndex,
            long globalStep) {}

    /// A step that stands nowhere yet.
    Step(Metrics metrics) {
        this.metrics = metrics;
    }

    /// {@return a step}
    ///
    /// @param place where it stands
    /// @param metrics take what it logs
    public static Step of(Place place, Metrics metrics) {
        var step = new Step(metrics);
        step.activity = place.activity();
        step.epoch = place.epoch();
        step.batchIndex = place.batchIndex();
        step.loaderIndex = place.loaderIndex();
        step.splitIndex = place.splitIndex();
        step.optimizerIndex = place.optimizerIndex();
        step.globalStep = place.globalStep();
        return step;
    }

    /// {@return this step, moved to a part of a batch, as if it were a new one}
    Step at(SplitRun split, int optimizer, @Nullable List<Tensor> before) {
        epoch = split.whole().epoch().epoch();
        batchIndex = split.whole().index();
        splitIndex = split.index();
        optimizerIndex = optimizer;
        globalStep = split.fit().scope().globalStep();
        manual = null;
        hidden = before;
        outputs = null;
        carried = List.of();
        return this;
    }

    /// {@return this step, of a module that optimizes manually}
    ///
    /// @param control what the module may do by itself
    public Step manual(ManualControl control) {
        manual = control;
        return this;
    }

    /// {@return this step, which goes on with hidden state and carries its own over}
    ///
    /// @param before the hidden state that the step before has carried over; empty in the first part
    public Step carrying(List<Tensor> before) {
        hidden = before;
        return this;
    }

    // ---- where it stands

    /// {@return what is being done}
    public Activity activity() {
        return activity;
    }

    /// {@return the epoch of training, or in which an evaluation takes place}
    public int epoch() {
        return epoch;
    }

    /// {@return the batch within the epoch or the data loader}
    public int batchIndex() {
        return batchIndex;
    }

    /// {@return the data loader; 0 in training}
    public int loaderIndex() {
        return loaderIndex;
    }

    /// {@return the part of the batch that this step works on; 0 for a whole one}
    public int splitIndex() {
        return splitIndex;
    }

    /// {@return the optimizer that the loss is for; 0 if there is one, or none}
    public int optimizerIndex() {
        return optimizerIndex;
    }

    /// {@return the steps that all optimizers together have made before this one}
    public long globalStep() {
        return globalStep;
    }

    // ---- what it reports

    /// Reports a value. Over an epoch values are averaged, each weighted by the samples of its batch, unless the
    /// options say otherwise. Options in a constant `LogOption[]` cost nothing; written in the call they are a new array.
    ///
    /// @param name the name of the metric
    /// @param value the value
    /// @param options how; see [LogOption] for what is meant without any
    /// @throws IllegalArgumentException see [Metrics#log]
    public void log(String name, double value, LogOption... options) {
        metrics.log(name, value, options);
    }

    /// Reports the value of a tensor of one element.
    ///
    /// @param name the name of the metric
    /// @param value the value
    /// @param options how; see [LogOption] for what is meant without any
    /// @throws IllegalArgumentException if it has more elements, or see [Metrics#log]
    public void log(String name, Tensor value, LogOption... options) {
        if (value.elementCount() != 1) {
            throw new IllegalArgumentException(
                    "log: '%s' has shape %s, a metric is one number; use mean() or sum()"
                            .formatted(name, value.shape()));
        }
        log(name, value.reshape().item(), options);
    }

    /// Puts something out beside the loss, for hooks and for the end of the epoch.
    ///
    /// @param name its name, which no other output of this step has
    /// @param value a tensor; its gradient is left behind
    /// @throws IllegalArgumentException if there is an output of that name
    public void output(String name, Tensor value) {
        var all = outputs;
        if (all == null) {
            all = new LinkedHashMap<>();
            outputs = all;
        }
        if (all.putIfAbsent(name, value.detach()) != null) {
            throw new IllegalArgumentException(
                    "Step.output: '%s' was put out already; use another name".formatted(name));
        }
    }

    /// {@return what was put out, by name}
    public SequencedMap<String, Tensor> outputs() {
        var all = outputs;
        return all == null ? StepResult.NO_OUTPUTS : all;
    }

    // ---- hidden state between the parts of a batch, or between batches

    /// {@return the hidden state that the step before on this batch, for the same optimizer, has carried over; empty in
    /// the first part} A loop may let it go on from batch to batch.
    ///
    /// @throws IllegalStateException if no hidden state is carried
    public List<Tensor> hidden() {
        var before = hidden;
        if (before == null) {
            throw notSplit("hidden");
        }
        return before;
    }

    /// Carries hidden state over to the step on the next part of this batch. Gradients do not flow through it.
    ///
    /// @param state the hidden state
    /// @throws IllegalStateException if no hidden state is carried
    public void carry(Tensor... state) {
        if (hidden == null) {
            throw notSplit("carry");
        }
        carried = java.util.Arrays.stream(state).map(Tensor::detach).toList();
    }

    /// {@return whether hidden state has been carried over in this step}
    public boolean hasCarried() {
        return !carried.isEmpty();
    }

    /// {@return what was carried over; nothing if no hidden state is}
    ///
    /// @throws IllegalStateException if nothing was carried over, and the next step needs it
    public List<Tensor> carried() {
        if (hidden != null && carried.isEmpty()) {
            throw new IllegalStateException(
                    "trainingStep: no hidden state was carried over in batch %d of epoch %d for optimizer %d, and the next step goes on with it; call step.carry(state)"
                            .formatted(batchIndex(), epoch(), optimizerIndex()));
        }
        return carried;
    }

    private static IllegalStateException notSplit(String verb) {
        return new IllegalStateException(
                "Step.%s: no hidden state is carried here; give the module a sequenceSplit(), or take a loop that carries it from batch to batch"
                        .formatted(verb));
    }

    // ---- manual optimization

    /// {@return the control of a module that optimizes manually: backward passes, optimizer steps, schedulers}
    ///
    /// @throws IllegalStateException unless the module optimizes manually
    public ManualControl optimization() {
        return control("optimization");
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
        var control = manual;
        if (control == null) {
            throw new IllegalStateException(
                    "Step.%s: the loops optimize this module; override automaticOptimization() to do it by hand"
                            .formatted(verb));
        }
        return control;
    }
}
