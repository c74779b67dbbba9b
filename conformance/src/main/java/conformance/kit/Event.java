package conformance.kit;

import java.util.Optional;
import loops.core.training.RunView;
import loops.core.training.Step;

/// Something that happened in a run: a hook was called, a step was made, a source was asked for.
///
/// @param name its name in the cases, as `on_train_batch_start`; `Callback.` stands before what a callback heard
/// @param entered whether it began; it ended if not
/// @param place where it happened
/// @param run what hooks may look at and ask for, if it was a hook
/// @param step what steps may report to, if it was a step
public record Event(
        String name, boolean entered, Place place, Optional<RunView> run, Optional<Step> step) {
    /// Where something happened; a number is -1 where it means nothing.
    ///
    /// @param epoch the epoch
    /// @param batch the batch
    /// @param loader the data loader
    /// @param optimizer the optimizer
    /// @param globalStep the steps of all optimizers
    public record Place(int epoch, int batch, int loader, int optimizer, long globalStep) {
        /// No place at all.
        public static final Place NOWHERE = new Place(-1, -1, -1, -1, -1);
    }

    /// {@return whether a callback heard it}
    public boolean callback() {
        return name.startsWith(Events.CALLBACK);
    }
}
