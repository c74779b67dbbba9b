package loops.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.Stage;
import loops.core.training.Callback;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.SaveRequest;
import tensor.api.TensorContext;

/// Cross-validation that trains several folds at once, each on a thread of its own.
///
/// ```java
/// trainer.slots().fit().replace(fit -> new ParallelKFoldLoop(5, 2, FitLoop::new, List::of));
/// ```
///
/// A fold shares nothing with another, so the bits are those of [KFoldLoop].
///
/// **Safe points** lie between the rounds of so many folds only: a round that is cut short is trained again from its
/// beginning, to the same bits.
/// **Callbacks.** The run's callbacks hear the test at the end, and nothing of the folds. Those that a fold is given
/// of its own hear it on its thread.
@SuppressWarnings("this-escape") // its parts are declared above, and used only in a run
public class ParallelKFoldLoop extends KFoldLoop {
    private final int atOnce;
    private final Supplier<? extends Loop<FitRun, FitResult>> fit;

    /// A cross-validation by loops that fit, with callbacks for each fold.
    ///
    /// @param folds how many, from 2
    /// @param atOnce how many are trained at the same time, from 1
    /// @param fit makes a loop that fits one fold
    /// @param foldCallbacks makes new callbacks, equal each time
    /// @throws IllegalArgumentException if there are fewer folds, or none at once
    public ParallelKFoldLoop(
            int folds,
            int atOnce,
            Supplier<? extends Loop<FitRun, FitResult>> fit,
            Supplier<List<Callback>> foldCallbacks) {
        super(folds, fit.get(), foldCallbacks);
        if (atOnce < 1) {
            throw new IllegalArgumentException(
                    "ParallelKFoldLoop: %d folds at once; use a number from 1".formatted(atOnce));
        }
        this.atOnce = atOnce;
        this.fit = fit;
    }

    @Override
    protected void onAdvanceStart(FitRun run) {
        int first = Math.toIntExact(foldProgress.current().completed());
        for (int fold = first; fold < Math.min(folds, first + atOnce); fold++) {
            super.onAdvanceStart(run);
        }
    }

    @Override
    protected void advance(FitRun run) {
        int first = Math.toIntExact(foldProgress.current().completed());
        int end = Math.toIntExact(foldProgress.current().started());
        var context = TensorContext.current();
        var trained = new ArrayList<FutureTask<FitResult>>();
        var threads = new ArrayList<CompletableFuture<Void>>();
        for (int fold = first; fold < end; fold++) {
            var input = input(run, fold);
            var loop = fit.get();
            var task = new FutureTask<>(() -> loop.run(input));
            var thread = Thread.ofPlatform().name("fold " + fold);
            trained.add(task);
            threads.add(CompletableFuture.runAsync(() -> context.run(task), thread::start));
        }
        threads.forEach(CompletableFuture::join); // all of them, also if one fails
        for (int fold = first; fold < end; fold++) {
            add(new FoldResult(fold, result(trained.get(fold - first))));
        }
    }

    private static FitResult result(FutureTask<FitResult> fold) {
        if (fold.state() == Future.State.FAILED) {
            throw Thrown.again(fold.exceptionNow());
        }
        return fold.resultNow();
    }

    private FitRun input(FitRun run, int fold) {
        var member = ensemble(run).members().get(fold);
        var inner = open(run, member, fold);
        return new FitRun(
                inner.training(),
                data(run).fold(fold, folds),
                inner.hooks(),
                run.plan(),
                new SaveRequest());
    }

    @Override
    protected void onAdvanceEnd(FitRun run) {
        for (long fold = foldProgress.current().completed();
                fold < foldProgress.current().processed();
                fold++) {
            foldProgress.increment(Stage.COMPLETED);
        }
    }

    @Override
    protected HookOrder hookOrder() {
        return super.hookOrder().advance(); // the loops that fit are no part of the tree
    }
}
