package loops.recipes;

import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.Hooks;
import loops.core.training.TrainingScope;

/// Everything alive in one fit of several: that of a fold, or of a round.
///
/// @param training the module of the fit, its optimizers, its request to stop
/// @param hooks the callbacks that listen to this fit alone
record InnerScope(TrainingScope training, Hooks hooks) implements Stateful {
    @Override
    public Fields stateDict() {
        return Fields.empty()
                .with("training", training.stateDict())
                .with("callbacks", hooks.stateDict());
    }

    @Override
    public void loadStateDict(Fields state) {
        training.loadStateDict(state.fields("training"));
        hooks.loadStateDict(state.fields("callbacks"));
    }
}
