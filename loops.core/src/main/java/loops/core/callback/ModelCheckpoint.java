package loops.core.callback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.data.Batch;

/// Saves the run every so often, and keeps the newest checkpoints.
public final class ModelCheckpoint implements Callback {
    private final CheckpointFolder folder;
    private final long everySteps;
    private final int keep;
    private final Reached reached = new Reached();

    private ModelCheckpoint(Path folder, long everySteps, int keep) {
        this.folder = new CheckpointFolder(folder);
        this.everySteps = everySteps;
        this.keep = keep;
    }

    /// {@return a callback that saves after each epoch and keeps the newest checkpoint}
    ///
    /// @param folder where the checkpoint goes
    public static ModelCheckpoint newest(Path folder) {
        return everyEpoch(folder).keep(1);
    }

    @Override
    public boolean saves() {
        return true;
    }

    @Override
    public boolean comesLast() {
        return true;
    }

    /// {@return a callback that saves after each epoch}
    ///
    /// @param folder where the checkpoints go
    public static ModelCheckpoint everyEpoch(Path folder) {
        return new ModelCheckpoint(folder, 0, 2);
    }

    /// {@return a callback that saves after every so many optimizer steps}
    ///
    /// @param folder where the checkpoints go
    /// @param steps from 1
    /// @throws IllegalArgumentException if `steps` is less
    public static ModelCheckpoint everySteps(Path folder, long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: steps is %d; use a number from 1".formatted(steps));
        }
        return new ModelCheckpoint(folder, steps, 2);
    }

    /// {@return this callback, keeping another number of checkpoints than 2}
    ///
    /// @param count from 1
    /// @throws IllegalArgumentException if `count` is less
    public ModelCheckpoint keep(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "ModelCheckpoint: keep is %d; use a number from 1".formatted(count));
        }
        return new ModelCheckpoint(folder.directory(), everySteps, count);
    }

    @Override
    public String stateKey() {
        return "ModelCheckpoint " + folder.directory().getFileName();
    }

    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        if (everySteps > 0 && run.globalStep() / everySteps > reached.multiple) {
            reached.multiple = run.globalStep() / everySteps;
            save(run);
        }
    }

    /// A fit begins, in a cross-validation one of several: its steps count from 0.
    @Override
    public void onTrainStart(RunView run) {
        reached.multiple = 0;
    }

    @Override
    public Fields stateDict() {
        return reached.stateDict();
    }

    @Override
    public void loadStateDict(Fields state) {
        reached.loadStateDict(state);
    }

    @Override
    public void onTrainEpochMeasured(RunView run) {
        if (everySteps == 0) {
            save(run);
        }
    }

    @Override
    public void onFitEnd(RunView run) {
        keepNewest(keep);
    }

    /// The new checkpoint is written after this, so a place is made free for it; but one always stays until then.
    private void save(RunView run) {
        keepNewest(Math.max(1, keep - 1));
        run.save(folder.directory());
    }

    /// How many times the interval of steps has been passed. A batch may make several steps, or none.
    private static final class Reached implements Stateful {
        private long multiple;

        @Override
        public Fields stateDict() {
            return Fields.empty().with("multiple", multiple);
        }

        @Override
        public void loadStateDict(Fields state) {
            multiple = state.num("multiple");
        }
    }

    private void keepNewest(int count) {
        try {
            folder.keepNewest(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
