package loops.core;

import java.util.Arrays;
import java.util.Optional;
import loops.api.Loop;
import loops.api.LoopTrace;
import loops.core.loop.FitLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.HookPoint;
import loops.core.training.Interruption;

/// One fit of a trainer: the loops, and what comes before, around and behind them.
///
/// @param run what is trained
/// @param slots the places of the loops
/// @param leftBehind where the fit leaves its state if it does not come to its end
record Fit(FitRun run, TrainerSlots slots, LeftBehind leftBehind) {

    /// {@return what it came to}
    ///
    /// @param saved what it goes on from
    FitResult make(Optional<SavedRun> saved) {
        run.hooks().requireStatesApart();
        run.scope().configureOptimizers();
        saved.ifPresent(from -> from.restore(run, slots));
        var hyperparameters = run.scope().module().hyperparameters();
        if (!hyperparameters.entries().isEmpty()) {
            run.hooks().loggers().hyperparameters(hyperparameters);
        }
        var start = run.view();
        run.hooks().call(HookPoint.FIT_START, start, hook -> hook.onFitStart(start));
        if (saved.isEmpty()) {
            sanityCheck();
        }
        var saver = new SafePointSaver(run, leftBehind);
        var result = loop(saver);
        leftBehind.delete(saved.map(SavedRun::place));
        var end = run.view();
        run.hooks().call(HookPoint.FIT_END, end, hook -> hook.onFitEnd(end));
        saver.over(root());
        return result;
    }

    private void sanityCheck() {
        if (SanityCheck.due(run)) {
            find(root(), TrainingEpochLoop.class)
                    .ifPresent(epoch -> new SanityCheck(run, epoch.validationLoop().get()).make());
        }
    }

    private FitResult loop(SafePointSaver saver) {
        try {
            return slots.fit().get().run(run, saver);
        } catch (Interruption interruption) {
            throw interruption; // saved already
        } catch (RuntimeException | Error thrown) {
            saver.failed(thrown);
            throw thrown;
        }
    }

    /// {@return what an interrupted fit came to} What was thrown while it ended is thrown instead, if anything was.
    ///
    /// @param interruption how it was interrupted
    FitResult interrupted(Interruption interruption) {
        RunFrame.rethrow(
                Arrays.stream(interruption.getSuppressed())
                        .filter(thrown -> !(thrown instanceof LoopTrace))
                        .toList());
        return new FitResult(
                find(root(), FitLoop.class)
                        .map(loop -> Math.toIntExact(loop.epochProgress().current().ready()))
                        .orElse(0),
                run.scope().globalStep(),
                Optional.of(String.valueOf(interruption.getMessage())),
                run.scope().metrics().all());
    }

    private Loop<?, ?> root() {
        return slots.fit().get();
    }

    /// {@return a loop of the default tree, whatever stands around it}
    private static <L> Optional<L> find(Loop<?, ?> loop, Class<L> type) {
        return type.isInstance(loop)
                ? Optional.of(type.cast(loop))
                : loop.slots().stream()
                        .flatMap(slot -> find(slot.get(), type).stream())
                        .findFirst();
    }
}
