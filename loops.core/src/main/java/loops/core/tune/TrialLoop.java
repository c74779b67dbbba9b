package loops.core.tune;

import static loops.api.Call.runs;

import java.lang.System.Logger.Level;
import java.util.Optional;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Held;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingScope;

/// A fit with trials before it: short fits of the same module, of which nothing stays.
///
/// Each step is a trial. It is run by the loop that fits, on a scope of its own: fresh optimizers, its own counters,
/// metrics and request to stop, no loggers, and of all callbacks only its own. After it the module, its random streams,
/// the optimizers, the data and the loop below are put back to what they were, bit for bit. So the fit at the end does
/// what it would have done without any trial.
///
/// In a fast dev run, and in a trial of another such loop, it makes no trials and changes nothing of the fit.
///
/// A trial can be cut anywhere and gone on with, like every run. A checkpoint of that time holds what is put back, too.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public abstract class TrialLoop extends Loop<FitRun, FitResult> {
    private static final System.Logger LOG = System.getLogger(TrialLoop.class.getName());

    private final Slot<FitRun, FitResult> fitLoop;
    private final Cell<Fields> before =
            cell("before", Codec.of("fields", state -> state, Fields.class::cast), Fields.empty());
    private final Held<TrialScope> scope = held("scope");

    /// Trials before a fit.
    ///
    /// @param fit makes the trials, and the fit
    protected TrialLoop(Loop<FitRun, FitResult> fit) {
        fitLoop = slot("fit_loop", fit);
    }

    /// {@return the place of the loop that makes the trials, and the fit}
    public final Slot<FitRun, FitResult> fitLoop() {
        return fitLoop;
    }

    // ---- what an author fills in

    /// {@return what is tried next} A pure function of the input and the parts: it is asked again after a resume.
    ///
    /// @param run what the loop works on
    protected abstract Trial trial(FitRun run);

    /// Takes note of what a trial came to.
    ///
    /// @param trial the fit that was tried, with the module as the trial has left it
    /// @param result what it came to; empty if it ended by something [expected][#expects]
    protected abstract void tried(FitRun trial, Optional<FitResult> result);

    /// {@return whether a trial may end so} What is not expected leaves the loop, and the module as it was before the
    /// trial. Default: never.
    ///
    /// @param thrown what the trial has thrown
    protected boolean expects(Throwable thrown) {
        return false;
    }

    /// Applies what was found, once, before the fit. Default: nothing.
    ///
    /// @param run what the loop works on
    protected void choose(FitRun run) {}

    /// {@return what the fit works on: by default the run as it is} A pure function of the input and the parts.
    ///
    /// @param run what the loop works on
    protected FitRun chosen(FitRun run) {
        return run;
    }

    /// {@return whether no trials are made: the run is one itself, see [loops.core.training.FitPlan#trial]}
    ///
    /// @param run what the loop works on
    protected final boolean leftOut(FitRun run) {
        return run.plan().trial();
    }

    // ---- trials

    @Override
    protected void reset(FitRun run) {
        before.set(Fields.empty());
        scope.clear();
    }

    @Override
    protected void onAdvanceStart(FitRun run) {
        before.set(
                Fields.of("loop", fitLoop.get().stateDict())
                        .with("scope", run.scope().stateDict())
                        .with("data", run.data().stateDict()));
    }

    @Override
    protected void advance(FitRun run) {
        var trial = trial(run);
        var alive = scope.get(() -> open(run, trial));
        var fit =
                new FitRun(
                        alive.training(),
                        trial.data(),
                        alive.hooks(),
                        trial.plan(),
                        new SaveRequest());
        try {
            tried(fit, result(fit));
        } finally {
            putBack(run);
        }
    }

    private Optional<FitResult> result(FitRun fit) {
        try {
            return Optional.of(fitLoop.run(fit));
        } catch (RuntimeException | Error thrown) {
            if (expects(thrown)) {
                return Optional.empty();
            }
            throw thrown;
        }
    }

    /// Schedulers are left out where the loops would move them: they may look at metrics that a trial does not have.
    private static TrialScope open(FitRun run, Trial trial) {
        var module = run.scope().module();
        var training =
                TrainingScope.unconfigured(module, run.scope().key().fold("trial"))
                        .withoutSchedulers()
                        .configureOptimizers();
        return new TrialScope(training, new Hooks(trial.callbacks(), module));
    }

    /// The module is asked for its optimizers again, in case it remembers those that it gave last.
    private void putBack(FitRun run) {
        run.scope().configureOptimizers();
        run.scope().loadStateDict(before.get().fields("scope"));
        run.data().loadStateDict(before.get().fields("data"));
        fitLoop.get().loadStateDict(before.get().fields("loop"));
        before.set(Fields.empty());
        scope.clear();
    }

    // ---- the fit

    @Override
    protected FitResult onRunEnd(FitRun run) {
        if (leftOut(run)) {
            LOG.log(
                    Level.INFO,
                    "{0}: everything is only tried once, so nothing is looked for; the fit is run as it is",
                    getClass().getSimpleName());
            return fitLoop.run(run);
        }
        once("choose", () -> choose(run));
        return fitLoop.run(chosen(run));
    }

    @Override
    protected Optional<Codec<FitResult>> outputCodec() {
        return fitLoop.outputCodec();
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(runs(fitLoop)).onRunEnd(runs(fitLoop));
    }
}
