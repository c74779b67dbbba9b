package loops.core;

import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.data.Batch;

/// Asks for an interruption at the start of a batch.
record InterruptAt(int batch) implements Callback {
    @Override
    public void onTrainBatchStart(RunView run, Batch samples, int batchIndex) {
        if (run.scope().batches() == batch - 1) {
            run.interrupt("the lights went out");
        }
    }
}
