package loops.recipes;

import java.util.ArrayList;
import java.util.List;
import loops.api.Cell;
import loops.api.Codec;
import loops.core.loop.OptimizerLoop;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TensorState;
import loops.core.training.TrainingOptimizer;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// Truncated back-propagation through time: hidden state goes on from batch to batch, and gradients end with the batch.
///
/// ```java
/// trainer.slots().optimizer().replace(old -> new TbpttLoop());
/// trainer.fit(characters, text);   // batches of windows, in the order of Sampler.streams
/// ```
///
/// ```text
/// for each batch:
///     loss = trainingStep, with step.hidden() as the batch before left it by step.carry(..)
///     zeroGrad, backward, clip, optimizer step        as in the built-in loop
/// ```
///
/// Each place of a batch goes on with a stream where the batch before has left it: [tensor.data.Sampler#streams]. A stream begins
/// with the epoch: there [Step#hidden] is empty. Whoever lets several texts follow each other in one stream sets the state of a
/// text that begins to zero in the training step.
///
/// The state is saved with the run. Each optimizer of a module has its own, as they see different parameters; one that has no turn
/// on a batch goes on later from its last one, so give each its turn on every batch. Batches may be
/// [split along time][loops.core.training.TrainingModule#sequenceSplit] too; the state then goes through all parts. Williams, Peng:
/// An efficient gradient-based algorithm for on-line training of recurrent network trajectories, 1990.
///
/// In a validation or test a [StreamEvaluationLoop] does the same.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class TbpttLoop extends OptimizerLoop {
    private final Cell<List<List<Tensor>>> carried =
            cell("carried", Codec.listOf(Codec.listOf(TensorState.CODEC)), List.of());

    /// A loop that takes the place of an [OptimizerLoop].
    public TbpttLoop() {}

    @Override
    protected void reset(SplitRun split) {
        super.reset(split);
        if (split.whole().index() == 0 && split.index() == 0) {
            carried.set(List.of());
        }
    }

    /// {@return the hidden state that the next step for an optimizer begins with; empty where a stream begins}
    ///
    /// @param optimizer its place in the plan, from 0
    public final List<Tensor> carried(int optimizer) {
        var all = carried.get();
        return optimizer < all.size() ? all.get(optimizer) : List.of();
    }

    @Override
    protected @Nullable Tensor trainingStep(SplitRun split, Step step) {
        int optimizer = step.optimizerIndex();
        Tensor loss = super.trainingStep(split, step.carrying(carried(optimizer)));
        carry(optimizer, StreamState.outliving(step));
        return loss;
    }

    private void carry(int optimizer, List<Tensor> state) {
        carried(optimizer).forEach(TensorScope::give); // it ends with the batch
        var all = new ArrayList<>(carried.get());
        while (all.size() <= optimizer) {
            all.add(List.of());
        }
        all.set(optimizer, state);
        carried.set(List.copyOf(all));
    }

    /// One that computes its loss several times would go on along the stream each time.
    @Override
    protected StepResult optimize(TrainingOptimizer optimizer, SplitRun split) {
        if (optimizer.optimizer().reevaluates()) {
            throw new IllegalStateException(
                    "TbpttLoop: optimizer %d computes its loss several times a step, and hidden state goes on with each; plan another optimizer"
                            .formatted(optimizer.index()));
        }
        return super.optimize(optimizer, split);
    }
}
