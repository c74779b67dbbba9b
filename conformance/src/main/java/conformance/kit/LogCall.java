package conformance.kit;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import loops.core.training.Activity;
import loops.core.training.LogFlag;
import loops.core.training.LogOption;
import loops.core.training.Reduce;
import loops.core.training.RunView;
import loops.core.training.Samples;
import loops.core.training.Step;

/// A value that a case has logged, with the options of the original: `"a": {"on_step": true, "prog_bar": true}`.
///
/// @param name the name of the metric
/// @param value the value
/// @param onStep whether the values of steps are wanted, if that is said
/// @param onEpoch whether the value of the epoch is wanted, if that is said
/// @param further what else is said
public record LogCall(
        String name,
        LogValue value,
        Optional<Boolean> onStep,
        Optional<Boolean> onEpoch,
        List<LogOption> further) {
    /// Copies the list.
    public LogCall {
        further = List.copyOf(further);
    }

    /// {@return a value of which nothing is said but its name}
    ///
    /// @param name its name
    /// @param value the value
    public static LogCall of(String name, LogValue value) {
        return new LogCall(name, value, Optional.empty(), Optional.empty(), List.of());
    }

    /// {@return this value under another name}
    ///
    /// @param other the name
    public LogCall named(String other) {
        return new LogCall(other, value, onStep, onEpoch, further);
    }

    /// {@return this value for steps, for epochs, or for both}
    ///
    /// @param step whether the values of steps are wanted
    /// @param epoch whether the value of the epoch is wanted
    public LogCall on(boolean step, boolean epoch) {
        return new LogCall(name, value, Optional.of(step), Optional.of(epoch), further);
    }

    /// {@return this value with one more option}
    ///
    /// @param option the option
    public LogCall with(LogOption option) {
        var more = new ArrayList<>(further);
        more.add(option);
        return new LogCall(name, value, onStep, onEpoch, more);
    }

    // ---- reading

    /// {@return the values that are logged in one place}
    ///
    /// @param logs values by name: their options, the number itself, a formula, or `step+epoch`
    public static List<LogCall> read(Keys logs) {
        return logs.names().stream().map(name -> read(logs, name)).toList();
    }

    private static LogCall read(Keys logs, String name) {
        return switch (logs.json(name)) {
            case Fields _ -> read(name, logs.fields(name));
            case Json.Whole(long value) -> of(name, place -> value);
            case Json.Real(double value) -> of(name, place -> value);
            case Json.Text(String text) -> inWords(name, text);
            default ->
                    throw new NotUnderstoodException(
                            "%s of '%s' says neither a value nor how it is logged"
                                    .formatted(logs.json(name), name));
        };
    }

    private static LogCall inWords(String name, String text) {
        return switch (text) {
            case "step" -> of(name, LogValue.RISING).on(true, false);
            case "epoch" -> of(name, LogValue.RISING).on(false, true);
            case "step+epoch" -> of(name, LogValue.RISING).on(true, true);
            default -> of(name, LogValue.read(text));
        };
    }

    private static LogCall read(String name, Keys options) {
        var further = new ArrayList<LogOption>();
        if (options.flag("prog_bar", false)) {
            further.add(LogFlag.PROGRESS_BAR);
        }
        if (!options.flag("logger", true)) {
            further.add(LogFlag.NO_LOGGER);
        }
        if (!options.flag("add_dataloader_idx", true)) {
            further.add(LogFlag.SAME_NAME);
        }
        options.textIfAny("reduce_fx").map(LogCall::reduce).ifPresent(further::add);
        options.wholeIfAny("batch_size")
                .ifPresent(count -> further.add(new Samples(Math.toIntExact(count))));
        return new LogCall(
                name,
                options.has("value") ? value(name, options.json("value")) : LogValue.RISING,
                flag(options, "on_step"),
                flag(options, "on_epoch"),
                further);
    }

    private static LogValue value(String name, Json said) {
        return switch (said) {
            case Json.Whole(long value) -> place -> value;
            case Json.Real(double value) -> place -> value;
            case Json.Text(String formula) -> LogValue.read(formula);
            default ->
                    throw new NotUnderstoodException(
                            "%s of '%s' is no value".formatted(said, name));
        };
    }

    private static Optional<Boolean> flag(Keys options, String name) {
        return options.has(name) ? Optional.of(options.flag(name, false)) : Optional.empty();
    }

    /// {@return how the values of an epoch are made one}
    ///
    /// @param name `min`, `max`, `sum`, `mean` or `avg`, in capitals or not
    /// @throws NotUnderstoodException if it is none of them
    public static Reduce reduce(String name) {
        return Phrases.<Reduce>of()
                .say("min", said -> Reduce.MIN)
                .say("max", said -> Reduce.MAX)
                .say("sum", said -> Reduce.SUM)
                .say("mean|avg", said -> Reduce.MEAN)
                .read(name.toLowerCase(Locale.ROOT));
    }

    // ---- logging

    /// Logs the value in a step.
    ///
    /// @param step the step
    public void log(Step step) {
        boolean trains = step.activity() == Activity.TRAINING;
        step.log(name, value.at(Events.placeOf(step)), options(trains));
    }

    /// Logs the value in a hook.
    ///
    /// @param hook the hook
    public void log(Event hook) {
        hook.run()
                .orElseThrow(() -> new NotUnderstoodException(hook.name() + " logs nothing"))
                .log(name, value.at(hook.place()), options(hook.name().contains("train_batch")));
    }

    /// Logs the value when the batches of an epoch are over.
    ///
    /// @param run what logs
    public void log(RunView run) {
        var place = new Event.Place(run.epoch(), -1, -1, -1, run.globalStep());
        run.log(name, value.at(place), options(false));
    }

    /// {@return the options} What a case does not say is what it is in the original: in a training step the values of
    /// steps, elsewhere that of the epoch. Where it says nothing at all, we say nothing either.
    private LogOption[] options(boolean stepFirst) {
        var options = new ArrayList<LogOption>(further);
        if (onStep.isPresent() || onEpoch.isPresent()) {
            boolean step = onStep.orElse(stepFirst);
            boolean epoch = onEpoch.orElse(!stepFirst);
            if (!step && !epoch) {
                throw new NotUnderstoodException(
                        "'%s' is wanted neither of steps nor of the epoch".formatted(name));
            }
            if (step) {
                options.add(LogFlag.ON_STEP);
            }
            if (epoch) {
                options.add(LogFlag.ON_EPOCH);
            }
        }
        return options.toArray(LogOption[]::new);
    }
}
