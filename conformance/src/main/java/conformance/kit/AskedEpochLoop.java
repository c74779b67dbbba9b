package conformance.kit;

import loops.core.loop.TrainingEpochLoop;
import loops.core.training.EpochRun;

/// An epoch loop that can be asked whether it is done.
public final class AskedEpochLoop extends TrainingEpochLoop {
    /// An epoch loop that is never run.
    public AskedEpochLoop() {}

    /// {@return whether no further batch is to be trained on}
    ///
    /// @param epoch what it works on
    public boolean asked(EpochRun epoch) {
        return done(epoch);
    }
}
