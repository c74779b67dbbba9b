package loops.recipes;

import static loops.api.Call.runs;
import static loops.api.Call.when;

import java.util.ArrayList;
import java.util.SequencedMap;
import java.util.function.Supplier;
import loops.api.Call;
import loops.api.HookOrder;
import loops.api.Slot;
import loops.core.loop.OptimizerLoop;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;

/// Meta-learning by gradients through learning: before each training step the module adapts to the tasks of the batch, and the
/// step is made with the adapted weights. What the optimizer changes are the parameters from which they started.
///
/// ```java
/// trainer.slots().optimizer().replace(old -> new MetaLearningLoop(new AdaptationLoop()));
/// trainer.fit(learner, tasks);   // a TaskModule; batches with the parts support and query
/// ```
///
/// ```text
/// for each batch of tasks:
///     weights = inner loop from the parameters, on the support samples
///     loss = trainingStep with these weights: by default on the query samples
///     zeroGrad, backward through the inner loop, clip, optimizer step        as in the built-in loop
/// ```
///
/// Finn et al.: Model-Agnostic Meta-Learning, 2017. An inner loop of [first order][AdaptationConfig#firstOrder] makes it FOMAML, one
/// that adapts [the last layer alone][AdaptationConfig#only] ANIL; a [ReptileLoop] is Reptile.
///
/// There are safe points before and after a batch, none inside: gradients through a step cannot be saved.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class MetaLearningLoop extends OptimizerLoop {
    private final Slot<AdaptationRun, SequencedMap<String, Tensor>> innerLoop;

    /// Meta-learning by an inner loop.
    ///
    /// @param inner adapts the module to tasks
    public MetaLearningLoop(AdaptationLoop inner) {
        innerLoop = slot("inner_loop", inner);
    }

    /// {@return the place of the loop that adapts}
    public final Slot<AdaptationRun, SequencedMap<String, Tensor>> innerLoop() {
        return innerLoop;
    }

    @Override
    protected boolean atomic() {
        return true;
    }

    @Override
    protected final @Nullable Tensor trainingStep(SplitRun split, Step step) {
        var module = TaskModule.of(split.fit().scope().module(), "MetaLearningLoop");
        var support = split.part().part(TaskModule.SUPPORT);
        var adapted = innerLoop.run(new AdaptationRun(module, support));
        return metaLoss(module, adapted, () -> super.trainingStep(split, step));
    }

    /// {@return what the parameters learn from: by default the loss of the step with the adapted weights}
    ///
    /// @param module the module
    /// @param adapted weights by the paths of their parameters
    /// @param trainingStep makes the step with the weights of the moment
    protected @Nullable Tensor metaLoss(
            TaskModule module,
            SequencedMap<String, Tensor> adapted,
            Supplier<@Nullable Tensor> trainingStep) {
        return module.with(adapted, trainingStep);
    }

    @Override
    protected HookOrder hookOrder() {
        var calls = new ArrayList<Call>(super.hookOrder().of("advance"));
        calls.addFirst(when("an optimizer has its turn, or there is none", runs(innerLoop)));
        return super.hookOrder().advance(calls.toArray(Call[]::new));
    }
}
