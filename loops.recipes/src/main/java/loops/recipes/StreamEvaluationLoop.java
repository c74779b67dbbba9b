package loops.recipes;

import java.util.List;
import loops.api.Cell;
import loops.api.Codec;
import loops.core.loop.EvaluationEpochLoop;
import loops.core.training.LoaderRun;
import loops.core.training.Step;
import loops.core.training.TensorState;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.data.Batch;

/// Measures a module on streams: hidden state goes on from batch to batch, as in training by a [TbpttLoop].
///
/// ```java
/// trainer.slots().validationEpoch().connect(new StreamEvaluationLoop());
/// ```
///
/// Streams begin with each data loader; what training carries stays as it is.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class StreamEvaluationLoop extends EvaluationEpochLoop {
    private final Cell<List<Tensor>> carried =
            cell("carried", Codec.listOf(TensorState.CODEC), List.of());

    /// A loop that takes the place of an [EvaluationEpochLoop].
    public StreamEvaluationLoop() {}

    @Override
    protected void reset(LoaderRun run) {
        super.reset(run);
        carried.set(List.of());
    }

    @Override
    protected void evaluationStep(LoaderRun run, Batch batch, Step step) {
        var before = carried.get();
        super.evaluationStep(run, batch, step.carrying(before));
        carried.set(StreamState.outliving(step));
        before.forEach(TensorScope::give); // it ends with the batch
    }
}
