package loops.recipes;

import static loops.api.Call.runs;

import java.util.List;
import java.util.function.IntFunction;
import loops.api.Held;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.core.training.Callback;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Interruption;

/// Cross-validation that trains one fold after the other, by the loop of one place.
///
/// ```java
/// trainer.slots().fit().replace(fit -> new KFoldLoop(5, fit));
/// trainer.fit(ensemble, data);   // an Ensemble of 5 members, and FoldData
/// ```
///
/// The run's callbacks hear every fold. A callback that remembers something of a fit is made anew for each fold: give
/// a factory. Its loggers get every row of every fold, with a metric `fold` that says which, from 0.
///
/// It also goes on from a state that a [ParallelKFoldLoop] has saved.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public non-sealed class KFoldLoop extends CrossValidationLoop {
    private final Slot<FitRun, FitResult> fitLoop;
    private final Held<InnerScope> scope = held("scope");

    /// A cross-validation by a loop that fits.
    ///
    /// @param folds how many, from 2
    /// @param fit fits one fold
    /// @throws IllegalArgumentException if there are fewer folds
    public KFoldLoop(int folds, Loop<FitRun, FitResult> fit) {
        this(folds, fit, _ -> List.of());
    }

    /// A cross-validation by a loop that fits, with callbacks for each fold.
    ///
    /// @param folds how many, from 2
    /// @param fit fits one fold
    /// @param foldCallbacks makes new callbacks for a fold, counted from 0; equal each time
    /// @throws IllegalArgumentException if there are fewer folds
    public KFoldLoop(
            int folds,
            Loop<FitRun, FitResult> fit,
            IntFunction<? extends List<? extends Callback>> foldCallbacks) {
        super("KFoldLoop", folds, foldCallbacks);
        this.fitLoop = slot("fit_loop", fit);
    }

    /// {@return the place of the loop that fits a fold}
    public final Slot<FitRun, FitResult> fitLoop() {
        return fitLoop;
    }

    @Override
    protected void reset(FitRun run) {
        super.reset(run);
        scope.clear();
    }

    @Override
    protected void onAdvanceStart(FitRun run) {
        begin(1);
    }

    @Override
    protected void advance(FitRun run) {
        refuseLimitOfTime(run);
        int fold = completed();
        try {
            add(new FoldResult(fold, fitLoop.run(input(run, fold))));
        } catch (Interruption interruption) {
            throw interruption; // nothing went wrong
        } catch (Throwable thrown) {
            FoldTrace.mark(thrown, fold, folds());
            throw thrown;
        }
    }

    private FitRun input(FitRun run, int fold) {
        var inner = scope.get(() -> open(run, fold));
        var training = inner.training();
        return new FitRun(
                training,
                data(run).fold(fold, folds()),
                run.hooks()
                        .with(inner.hooks().callbacks(), training.module())
                        .withLoggers(run.hooks().loggers().ofFold(fold)),
                run.plan(),
                run.saves());
    }

    @Override
    protected void onAdvanceEnd(FitRun run) {
        scope.clear();
        super.onAdvanceEnd(run);
    }

    @Override
    protected Fields migrate(int version, Fields state) {
        return version == FoldStates.BETWEEN_FOLDS
                ? FoldStates.inSeries(state, fitLoop.get().values())
                : super.migrate(version, state);
    }

    @Override
    protected HookOrder hookOrder() {
        return super.hookOrder().advance(runs(fitLoop));
    }
}
