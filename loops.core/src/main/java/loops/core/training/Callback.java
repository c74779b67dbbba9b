package loops.core.training;

import java.util.List;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.api.Subscription;

/// Something added to a run from outside the module: a progress bar, early stopping, a record of metrics.
///
/// A callback that remembers anything says so in [#stateDict]: it is saved with the run and restored before the first
/// hook. It changes its state before it asks for a save.
public interface Callback extends TrainingHooks, Stateful {

    /// {@return the name of this callback's state in a checkpoint} Two callbacks of one run that have a state need different
    /// ones. Default: the simple name of the class, or of an anonymous class that of the class it is written in.
    default String stateKey() {
        var type = getClass();
        return type.isAnonymousClass()
                ? "a callback of " + type.getNestHost().getSimpleName()
                : type.getSimpleName();
    }

    /// {@return whether it is called after all callbacks that do not ask for this} One that saves the run does, so that
    /// the others have changed their state by then. Default: no.
    default boolean comesLast() {
        return false;
    }

    /// {@return whether it saves the run} A trainer that is to save and has no such callback gets one.
    default boolean saves() {
        return false;
    }

    /// {@return whether it is left out of a fast dev run, as what saves or stops is} Default: no.
    default boolean sitsOutTrials() {
        return saves();
    }

    /// {@return what it is told of that loops fire by hooks of their own} Default: nothing.
    default List<Subscription<?>> subscriptions() {
        return List.of();
    }

    @Override
    default Fields stateDict() {
        return Fields.empty();
    }

    @Override
    default void loadStateDict(Fields state) {}
}
