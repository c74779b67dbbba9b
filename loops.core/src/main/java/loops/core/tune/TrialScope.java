package loops.core.tune;

import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.Hooks;
import loops.core.training.TrainingScope;

/// Everything alive in one trial.
///
/// @param training the module, optimizers of the trial's own, its request to stop
/// @param hooks what listens to the trial
record TrialScope(TrainingScope training, Hooks hooks) implements Stateful {
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
