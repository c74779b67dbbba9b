package loops.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import loops.api.LoopState.Fields;
import loops.core.checkpoint.Checkpoint;
import loops.core.training.FitRun;
import tensor.api.Device;

/// A run that was saved, to be gone on with.
///
/// @param place the folder of the checkpoint
/// @param state the state of everything
/// @param device the name of the device that computed it, if that is known
/// @param leftOut the names of the callbacks' states that are dropped
record SavedRun(Path place, Fields state, Optional<String> device, Set<String> leftOut) {
    private static final System.Logger LOG = System.getLogger(Trainer.class.getName());

    /// {@return what is in a checkpoint}
    static SavedRun read(Path place, Set<String> leftOut) {
        try {
            var checkpoint = Checkpoint.read(place);
            return new SavedRun(place, checkpoint.state(), checkpoint.device(), leftOut);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void restore(FitRun run, TrainerSlots slots) {
        String here = Device.current().name();
        device.filter(there -> !kind(there).equals(kind(here)))
                .ifPresent(there ->
                        LOG.log(
                                Level.WARNING,
                                "fit: {0} was saved on device {1} and goes on on {2}; from here on its bits are not those of a run that stays",
                                place,
                                there,
                                here));
        RunState.restore(state, leftOut, run, slots);
        leftOut.forEach(run.scope().stop()::withdraw);
    }

    /// {@return what a device has in common with others of its backend}
    private static String kind(String device) {
        return device.replaceFirst(":.*", "");
    }
}
