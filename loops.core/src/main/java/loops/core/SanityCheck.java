package loops.core;

import loops.api.Loop;
import loops.api.SafePoint;
import loops.core.training.Activity;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitRun;
import loops.core.training.HookPoint;
import loops.core.training.Interruption;

/// Tries a few validation batches, to find errors before hours of training. Nothing of it stays: the state of the run and
/// of the loop is put back, and what hooks of it ask to have saved is not.
///
/// @param run what is about to be trained
/// @param validation the loop that will validate
record SanityCheck(FitRun run, Loop<EvaluationRun, EvaluationResult> validation) {

    /// {@return whether there is something to try}
    ///
    /// @param run what is about to be trained
    static boolean due(FitRun run) {
        return !run.plan().sanityLimit().none() && !run.sources().sanity().isEmpty();
    }

    void make() {
        var loopBefore = validation.values(); // also of one whose last run has failed
        var scopeBefore = run.scope().stateDict();
        var savesBefore = run.saves().take();
        try {
            validate();
        } finally {
            validation.loadStateDict(loopBefore);
        }
        run.scope().loadStateDict(scopeBefore);
        run.saves().take();
        savesBefore.forEach(run.saves()::request);
    }

    private void validate() {
        var hooks = run.hooks();
        var view = run.view();
        hooks.callCallbacks(
                HookPoint.SANITY_CHECK_START, view, hook -> hook.onSanityCheckStart(view));
        validation.run(
                new EvaluationRun(
                        Activity.SANITY_CHECK,
                        run.scope(),
                        run.sources().sanity(),
                        run.plan().sanityLimit().within(run.plan().validationLimit()),
                        0,
                        hooks,
                        run.plan(),
                        run.saves()),
                this::leaveIfInterrupted);
        hooks.callCallbacks(HookPoint.SANITY_CHECK_END, view, hook -> hook.onSanityCheckEnd(view));
    }

    private void leaveIfInterrupted(SafePoint point) {
        run.saves()
                .interruption()
                .ifPresent(reason -> {
                    throw new Interruption(reason, "nothing was trained yet, begin anew");
                });
    }
}
