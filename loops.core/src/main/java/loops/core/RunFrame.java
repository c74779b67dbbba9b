package loops.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import loops.core.logger.Logger.Ending;
import loops.core.training.Activity;
import loops.core.training.DataModule;
import loops.core.training.HookPoint;
import loops.core.training.Hooks;
import loops.core.training.Interruption;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;

/// What stands around every run of a trainer, `setup` before it and `teardown` behind it, whatever happens; and how the
/// latest run stands.
final class RunFrame {
    private Status status = Status.READY;
    private Optional<Activity> activity = Optional.empty();
    private volatile Optional<SaveRequest> running = Optional.empty();

    Status status() {
        return status;
    }

    Optional<Activity> activity() {
        return activity;
    }

    /// Asks for an end of the run that is going on, at its next safe point.
    void interrupt(String reason) {
        running.ifPresent(saves -> saves.interrupt(reason));
    }

    void requireIdle() {
        if (status == Status.RUNNING) {
            throw new IllegalStateException(
                    "Trainer: is running already; a trainer does one thing at a time");
        }
    }

    /// Runs something between `setup` and `teardown`. What it throws leaves as it is, after `onException`. Until then an end
    /// of the process interrupts it.
    ///
    /// @param hooks all that listens
    /// @param data what the run works on
    /// @param views what the listeners see at present
    /// @param body the run
    <T> T around(Hooks hooks, DataModule data, Supplier<RunView> views, Supplier<T> body) {
        try (var shutdown = new Shutdown(views.get().saves())) {
            try {
                return between(hooks, data, views, body);
            } catch (Interruption interruption) {
                shutdown.interrupted(String.valueOf(interruption.getMessage()));
                throw interruption;
            }
        }
    }

    private <T> T between(Hooks hooks, DataModule data, Supplier<RunView> views, Supplier<T> body) {
        var view = views.get();
        status = Status.RUNNING;
        activity = Optional.of(view.activity());
        running = Optional.of(view.saves());
        var outcome = Status.INTERRUPTED;
        T result;
        try {
            data.prepareData();
            view.module().prepareData();
            data.setup(view.activity());
            hooks.call(HookPoint.SETUP, view, hook -> hook.setup(view));
            result = body.get();
            outcome = Status.FINISHED;
        } catch (Throwable thrown) {
            var at = views.get();
            hooks.callAll(HookPoint.EXCEPTION, at, hook -> hook.onException(at, thrown))
                    .forEach(thrown::addSuppressed);
            end(hooks, data, at, Ending.FAILED).forEach(thrown::addSuppressed);
            throw thrown;
        } finally {
            status = outcome;
            activity = Optional.empty();
            running = Optional.empty();
        }
        rethrow(end(hooks, data, views.get(), Ending.SUCCESS));
        return result;
    }

    private static List<Throwable> end(Hooks hooks, DataModule data, RunView view, Ending ending) {
        var thrown = new ArrayList<Throwable>();
        try {
            data.teardown(view.activity());
        } catch (RuntimeException | Error e) {
            thrown.add(e);
        }
        thrown.addAll(hooks.callAll(HookPoint.TEARDOWN, view, hook -> hook.teardown(view)));
        try {
            hooks.loggers().finish(ending);
        } catch (RuntimeException | Error e) {
            thrown.add(e);
        }
        return thrown;
    }

    /// Throws the first as it is, with the others as suppressed ones; nothing happens if there is none.
    static void rethrow(List<Throwable> thrown) {
        if (thrown.isEmpty()) {
            return;
        }
        var first = thrown.getFirst();
        thrown.stream().skip(1).forEach(first::addSuppressed);
        if (first instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) first;
    }
}
