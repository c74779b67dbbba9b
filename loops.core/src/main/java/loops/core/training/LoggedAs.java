package loops.core.training;

import java.util.ArrayList;
import loops.api.LoopState.Fields;

/// What the options of a logged value come to at its place.
///
/// @param onStep whether the value of each step is reported
/// @param onEpoch whether the values of an epoch are reduced to one, which is reported
/// @param reduce how they are
/// @param toLoggers whether it goes to the loggers
/// @param toProgressBar whether it is shown beside the progress bar
/// @param ofItsLoader whether its name tells the data loader, where there are several
record LoggedAs(
        boolean onStep,
        boolean onEpoch,
        Reduce reduce,
        boolean toLoggers,
        boolean toProgressBar,
        boolean ofItsLoader) {

    /// {@return what options come to}
    ///
    /// @throws IllegalArgumentException if they contradict each other or the place
    static LoggedAs of(HookPoint place, String name, LogOption[] options) {
        boolean step = has(LogFlag.ON_STEP, options);
        boolean epoch = has(LogFlag.ON_EPOCH, options);
        if (!step && !epoch) {
            step = place.logging() == HookPoint.Logging.STEP_FIRST;
            epoch = !step;
        }
        if (step && place.logging() == HookPoint.Logging.EPOCH) {
            throw new IllegalArgumentException(
                    "log: '%s' ON_STEP in %s, which belongs to no step; use ON_EPOCH"
                            .formatted(name, place.method()));
        }
        return new LoggedAs(
                step,
                epoch,
                reduce(name, options),
                !has(LogFlag.NO_LOGGER, options),
                has(LogFlag.PROGRESS_BAR, options),
                !has(LogFlag.SAME_NAME, options));
    }

    private static boolean has(LogFlag flag, LogOption[] options) {
        for (LogOption option : options) {
            if (option.equals(flag)) {
                return true;
            }
        }
        return false;
    }

    private static Reduce reduce(String name, LogOption[] options) {
        var chosen = new ArrayList<Reduce>();
        for (LogOption option : options) {
            if (option instanceof Reduce reduce && !chosen.contains(reduce)) {
                chosen.add(reduce);
            }
        }
        if (chosen.size() > 1) {
            throw new IllegalArgumentException(
                    "log: '%s' with %s; an epoch's values are reduced in one way, use one of them"
                            .formatted(name, chosen));
        }
        return chosen.isEmpty() ? Reduce.MEAN : chosen.getFirst();
    }

    /// Whether the values of steps and of the epoch are told apart by their names.
    boolean forked() {
        return onStep && onEpoch;
    }

    Fields state() {
        return Fields.empty()
                .with("on_step", onStep)
                .with("on_epoch", onEpoch)
                .with("reduce", reduce.name())
                .with("to_loggers", toLoggers)
                .with("to_progress_bar", toProgressBar)
                .with("of_its_loader", ofItsLoader);
    }

    static LoggedAs from(Fields state) {
        return new LoggedAs(
                state.flag("on_step"),
                state.flag("on_epoch"),
                Reduce.valueOf(state.text("reduce")),
                state.flag("to_loggers"),
                state.flag("to_progress_bar"),
                state.flag("of_its_loader"));
    }

    /// {@return the options that come to this, with what is usual said: `[ON_STEP, MEAN]`}
    @Override
    public String toString() {
        var said = new ArrayList<LogOption>();
        if (onStep) {
            said.add(LogFlag.ON_STEP);
        }
        if (onEpoch) {
            said.add(LogFlag.ON_EPOCH);
        }
        said.add(reduce);
        if (!toLoggers) {
            said.add(LogFlag.NO_LOGGER);
        }
        if (toProgressBar) {
            said.add(LogFlag.PROGRESS_BAR);
        }
        if (!ofItsLoader) {
            said.add(LogFlag.SAME_NAME);
        }
        return said.toString();
    }
}
