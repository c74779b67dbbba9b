package loops.recipes;

import static loops.api.Call.calls;
import static loops.api.Call.when;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import loops.api.Hook;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.SafePoints;
import loops.api.Slot;
import loops.core.training.Callback;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Interruption;
import loops.core.training.SaveRequest;
import tensor.api.TensorContext;

/// Cross-validation that trains several folds at once, each on a thread of its own and by a loop of its own.
///
/// ```java
/// trainer.slots().fit().replace(_ -> new ParallelKFoldLoop(5, 2, FitLoop::new));
/// trainer.fit(ensemble, data);   // an Ensemble of 5 members, and FoldData
/// ```
///
/// A fold shares nothing with another, so the bits are those of a [KFoldLoop].
///
/// **Rounds.** So many folds are a round, and one advance. It ends with the hook `round_end`, which tells of a [RoundEnd];
/// a [ModelCheckpoint][loops.core.callback.ModelCheckpoint] of the run saves there.
///
/// **Safe points** lie between rounds only: a round that is cut short is trained again from its beginning, to the same
/// bits. A state that a `KFoldLoop` has saved is gone on with too; a fold that was cut in it is trained again. A callback of a
/// fold that asks for a checkpoint is refused.
///
/// **An interruption**, of the run or of one of its folds, cuts the round short: each fold is left at its next safe point,
/// and the run is saved as it was before the round.
///
/// **Callbacks.** Those of the run hear the rounds and the test at the end, and nothing of what happens in a fold: it would
/// come from several folds at once. The same holds for its loggers. Those that a fold is given of its own hear all of
/// it, on its thread. Callbacks of the run that listen in vain are warned of.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public non-sealed class ParallelKFoldLoop extends CrossValidationLoop {
    private static final System.Logger LOG = System.getLogger(ParallelKFoldLoop.class.getName());

    private static final String NO_SAVE =
            "ParallelKFoldLoop: a callback of a fold asks for a checkpoint, and folds that are trained at once are saved together, between rounds; leave the save to a callback of the run, as a ModelCheckpoint, which saves after each round";

    private final Hook<RoundEnd> roundEnd = hook("round_end", RoundEnd.class);
    private final int atOnce;
    private final Supplier<? extends Loop<FitRun, FitResult>> fit;

    /// A cross-validation by loops that fit.
    ///
    /// @param folds how many, from 2
    /// @param atOnce how many are trained at the same time, from 1
    /// @param fit makes a new loop that fits one fold
    /// @throws IllegalArgumentException if there are fewer folds, or none at once
    public ParallelKFoldLoop(
            int folds, int atOnce, Supplier<? extends Loop<FitRun, FitResult>> fit) {
        this(folds, atOnce, fit, _ -> List.of());
    }

    /// A cross-validation by loops that fit, with callbacks for each fold.
    ///
    /// @param folds how many, from 2
    /// @param atOnce how many are trained at the same time, from 1
    /// @param fit makes a new loop that fits one fold
    /// @param foldCallbacks makes new callbacks for a fold, counted from 0; equal each time
    /// @throws IllegalArgumentException if there are fewer folds, or none at once
    public ParallelKFoldLoop(
            int folds,
            int atOnce,
            Supplier<? extends Loop<FitRun, FitResult>> fit,
            IntFunction<? extends List<? extends Callback>> foldCallbacks) {
        super("ParallelKFoldLoop", folds, foldCallbacks);
        if (atOnce < 1) {
            throw new IllegalArgumentException(
                    "ParallelKFoldLoop: %d folds at once; use a number from 1".formatted(atOnce));
        }
        this.atOnce = atOnce;
        this.fit = fit;
    }

    @Override
    protected void onRunStart(FitRun run) {
        super.onRunStart(run);
        UnheardCallbacks.warning(run.hooks().callbacks())
                .ifPresent(line -> LOG.log(Level.WARNING, line));
    }

    /// Begins a round.
    ///
    /// @throws Interruption if the last one was cut short, and whoever runs this loop has not left it at its safe point
    @Override
    protected void onAdvanceStart(FitRun run) {
        var interruption = run.saves().interruption();
        if (underWay() > 0 && interruption.isPresent()) {
            throw new Interruption(interruption.get(), "run the loop again");
        }
        begin(Math.min(folds() - completed(), atOnce));
    }

    @Override
    protected void advance(FitRun run) {
        refuseLimitOfTime(run);
        int first = completed();
        var context = TensorContext.current();
        var trained = new ArrayList<FutureTask<FitResult>>();
        for (int fold = first; fold < started(); fold++) {
            trained.add(prepared(run, fold));
        }
        var threads = new ArrayList<CompletableFuture<Void>>();
        for (var task : trained) {
            var thread = Thread.ofPlatform().name("fold " + (first + threads.size()));
            threads.add(CompletableFuture.runAsync(() -> context.run(task), thread::start));
        }
        threads.forEach(CompletableFuture::join); // all of them, also if one fails
        throwFaults(trained, run.saves());
        if (trained.stream().allMatch(fold -> fold.state() == Future.State.SUCCESS)) {
            trained.forEach(fold -> add(new FoldResult(results().size(), fold.resultNow())));
        } else {
            String reason = run.saves().interruption().orElseThrow();
            run.saves().interrupt(reason + ", and the folds under way begin anew");
        }
    }

    private FutureTask<FitResult> prepared(FitRun run, int fold) {
        try {
            return fit(run, fold);
        } catch (RuntimeException | Error thrown) {
            FoldTrace.mark(thrown, fold, folds());
            throw thrown;
        }
    }

    /// {@return the fit of a fold, which has not begun} Its loop stands in a place with the fold's number, for messages.
    private FutureTask<FitResult> fit(FitRun run, int fold) {
        String above = path().isEmpty() ? "" : path() + ".";
        var place = Slot.root(above + "fold_" + fold, fit.get());
        var inner = open(run, fold);
        var input =
                new FitRun(
                        inner.training(),
                        data(run).fold(fold, folds()),
                        inner.hooks(),
                        run.plan(),
                        run.saves().ofPart(NO_SAVE));
        return new FutureTask<>(() -> place.get().run(input, leaving(input.saves())));
    }

    /// {@return what leaves a fold at its next safe point when the run is to be interrupted}
    private static SafePoints leaving(SaveRequest saves) {
        return point -> {
            var interruption = point.ended() ? Optional.<String>empty() : saves.interruption();
            if (interruption.isPresent()) {
                throw new Interruption(interruption.get(), "the fold begins anew");
            }
        };
    }

    /// Throws what the first of the folds has thrown that failed, with what others have thrown as suppressed. A fold that
    /// was left because the run is to be interrupted has not failed.
    private void throwFaults(List<FutureTask<FitResult>> trained, SaveRequest saves) {
        Throwable first = null;
        for (int i = 0; i < trained.size(); i++) {
            if (trained.get(i).state() != Future.State.FAILED) {
                continue;
            }
            var thrown = trained.get(i).exceptionNow();
            if (thrown instanceof Interruption && saves.interruption().isPresent()) {
                continue;
            }
            FoldTrace.mark(thrown, completed() + i, folds());
            if (first == null) {
                first = thrown;
            } else if (!first.equals(thrown)) {
                first.addSuppressed(thrown);
            }
        }
        if (first != null) {
            throw Thrown.again(first);
        }
    }

    @Override
    protected void onAdvanceEnd(FitRun run) {
        int before = completed();
        super.onAdvanceEnd(run);
        if (underWay() == 0) {
            roundEnd.fire(
                    run.hooks(), new RoundEnd(run.view(), results().subList(before, completed())));
        }
    }

    @Override
    protected int stateVersion() {
        return FoldStates.BETWEEN_FOLDS;
    }

    @Override
    protected Fields migrate(int version, Fields state) {
        return version == FoldStates.WITHIN_FOLDS
                ? FoldStates.inParallel(state)
                : super.migrate(version, state);
    }

    @Override
    protected HookOrder hookOrder() {
        return super.hookOrder().onAdvanceEnd(when("the round was not cut short", calls(roundEnd)));
    }
}
