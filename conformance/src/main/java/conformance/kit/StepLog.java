package conformance.kit;

import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import java.util.ArrayList;
import java.util.List;
import loops.core.training.LogFlag;
import loops.core.training.LogOption;
import loops.core.training.Step;
import tensor.api.Tensor;

/// A call of `log` in a training step, as cases say it in words: `loss on_step=true on_epoch=true`.
///
/// Where nothing is said, values of steps are logged and those of epochs are not. What stands in parentheses at the end
/// is a remark.
///
/// @param name the name of the metric
/// @param options how it is logged
public record StepLog(String name, List<LogOption> options) {
    private static final Phrases<StepLog> WORDS =
            Phrases.<StepLog>of()
                    .say(
                            "(\\w+)((?: \\w+=(?:true|false))*)(?: \\(.*\\))?",
                            said -> of(said.group(1), said.group(2).strip()));

    /// Copies the options.
    public StepLog {
        options = List.copyOf(options);
    }

    /// {@return what a case says}
    ///
    /// @param text the name of the metric and its flags
    /// @throws NotUnderstoodException if there is no such flag
    public static StepLog read(String text) {
        return WORDS.read(text);
    }

    private static StepLog of(String name, String flags) {
        boolean step = true;
        boolean epoch = false;
        boolean bar = false;
        boolean loggers = true;
        for (String flag : flags.isEmpty() ? new String[0] : flags.split(" ", -1)) {
            boolean on = flag.endsWith("=true");
            switch (flag.substring(0, flag.indexOf('='))) {
                case "on_step" -> step = on;
                case "on_epoch" -> epoch = on;
                case "prog_bar" -> bar = on;
                case "logger" -> loggers = on;
                default -> throw new NotUnderstoodException("log: there is no flag " + flag);
            }
        }
        var options = new ArrayList<LogOption>();
        add(options, step, LogFlag.ON_STEP);
        add(options, epoch, LogFlag.ON_EPOCH);
        add(options, bar, LogFlag.PROGRESS_BAR);
        add(options, !loggers, LogFlag.NO_LOGGER);
        return new StepLog(name, options);
    }

    private static void add(List<LogOption> options, boolean on, LogFlag flag) {
        if (on) {
            options.add(flag);
        }
    }

    /// Logs a value.
    ///
    /// @param step the step that logs it
    /// @param value a number
    public void log(Step step, Tensor value) {
        step.log(name, value, options.toArray(LogOption[]::new));
    }
}
