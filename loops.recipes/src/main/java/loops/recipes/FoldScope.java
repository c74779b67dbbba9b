package loops.recipes;

import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.Hooks;
import loops.core.training.TrainingScope;

/// Everything alive in one fold.
///
/// @param training the module of the fold, its optimizers, its request to stop
/// @param hooks the callbacks that listen to this fold alone
record FoldScope(TrainingScope training, Hooks hooks) implements Stateful {
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
