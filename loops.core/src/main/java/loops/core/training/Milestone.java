package loops.core.training;

/// What a loop tells by a hook of its own when so much has been done that the run is worth saving: a
/// [ModelCheckpoint][loops.core.callback.ModelCheckpoint] saves then, whatever it saves after otherwise.
///
/// It is for loops in which the callbacks hear no batch, validation or epoch to save after.
public interface Milestone {
    /// {@return what is to be saved}
    RunView run();
}
