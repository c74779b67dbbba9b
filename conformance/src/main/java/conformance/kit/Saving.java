package conformance.kit;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.ModelCheckpointConfig;

/// A callback that saves, as cases describe it: `{"monitor": "val_loss", "save_top_k": 2}`.
///
/// @param monitor what it monitors, if it does
/// @param choices the choices of the callback
public record Saving(Optional<String> monitor, Consumer<ModelCheckpointConfig> choices) {
    /// What a choice of ours is called in the cases.
    private static final Map<String, String> NAMES =
            Map.of(
                    "keep", "save_top_k",
                    "everySteps", "every_n_train_steps",
                    "everyEpochs", "every_n_epochs",
                    "every", "train_time_interval");

    private static final Phrases<String> MONITORS =
            Phrases.<String>of()
                    .say("(\\w+)", said -> said.group(1))
                    .say("(\\w+) \\(decreasing\\)", said -> said.group(1));

    private static final Pattern KEY = Pattern.compile("(\\w+)\\{(.*)}");

    /// {@return a callback as a case describes it}
    ///
    /// @param arguments its arguments
    /// @param otherwise what it monitors if nothing is said
    /// @param clock tells the time
    /// @throws NotUnderstoodException if an argument is not known
    public static Saving read(Keys arguments, Optional<String> otherwise, InstantSource clock) {
        var monitor = arguments.textIfAny("monitor").map(MONITORS::read).or(() -> otherwise);
        Consumer<ModelCheckpointConfig> choices = config -> config.clock(clock);
        var mode = arguments.textIfAny("mode");
        if (arguments.has("monitor")) {
            arguments.maybe("monitor");
        }
        choices =
                choices.andThen(config -> {
                    var better =
                            mode.map(text -> Mode.valueOf(text.toUpperCase(Locale.ROOT)))
                                    .orElse(Mode.MIN);
                    monitor.ifPresent(metric -> config.monitor(metric, better));
                });
        for (String name : arguments.names()) {
            choices = choices.andThen(choice(name, arguments));
        }
        return new Saving(monitor, choices);
    }

    private static Consumer<ModelCheckpointConfig> choice(String name, Keys arguments) {
        return switch (name) {
            case "monitor", "mode" -> config -> {};
            case "save_top_k" -> {
                int keep = Math.toIntExact(arguments.whole(name));
                yield config -> config.keep(keep);
            }
            case "save_last" -> {
                boolean on = arguments.flag(name, false);
                var template = arguments.textIfAny("CHECKPOINT_NAME_LAST").orElse("last");
                yield config -> {
                    if (on) {
                        config.saveLast(template);
                    }
                };
            }
            case "CHECKPOINT_NAME_LAST" -> config -> {}; // read with save_last
            case "filename" -> {
                var template = arguments.text(name);
                yield config -> config.fileName(template);
            }
            case "FILE_EXTENSION" -> {
                var ending = arguments.text(name);
                yield config -> config.ending(ending);
            }
            case "STARTING_VERSION" -> {
                int version = Math.toIntExact(arguments.whole(name));
                yield config -> config.firstVersion(version);
            }
            case "every_n_epochs" -> {
                int epochs = Math.toIntExact(arguments.whole(name));
                yield config -> config.everyEpochs(epochs);
            }
            case "every_n_train_steps" -> {
                long steps = arguments.whole(name);
                yield config -> config.everySteps(steps);
            }
            case "train_time_interval_s" -> {
                var time = Duration.ofSeconds(arguments.whole(name));
                yield config -> config.every(time);
            }
            case "save_on_train_epoch_end" -> {
                boolean end = arguments.flag(name, false);
                yield config -> config.atEpochEnd(end);
            }
            case "dirpath" -> {
                Phrases.<Boolean>of().say("same", said -> true).read(arguments.text(name));
                yield config -> {};
            }
            default -> config -> {}; // left unread, and so reported
        };
    }

    /// {@return the callback}
    ///
    /// @param folder where it saves
    public ModelCheckpoint in(Path folder) {
        return ModelCheckpoint.of(folder, choices);
    }

    /// {@return what making a callback throws, if it throws, in the names of the cases}
    ///
    /// @param make makes it
    public static Optional<Throwable> refused(Supplier<ModelCheckpoint> make) {
        return Refused.by(make)
                .map(thrown -> {
                    String message = String.valueOf(thrown.getMessage());
                    for (var name : NAMES.entrySet()) {
                        message =
                                message.replaceAll("\\b" + name.getKey() + "\\b", name.getValue());
                    }
                    return new IllegalArgumentException(message, thrown);
                });
    }

    /// {@return the state key of a callback, in the names and the notation of the cases}
    ///
    /// @param callback the callback
    public static String stateKey(ModelCheckpoint callback) {
        var parts = parts(callback);
        return "ModelCheckpoint{'monitor': %s, 'mode': '%s', 'every_n_train_steps': %s, 'every_n_epochs': %s, 'train_time_interval': %s}"
                .formatted(
                        quoted(part(callback, "monitor")),
                        part(callback, "mode").toLowerCase(Locale.ROOT),
                        parts.get("everySteps"),
                        parts.get("everyEpochs"),
                        quoted(part(callback, "every")));
    }

    private static String quoted(String value) {
        return value.equals("none") ? "None" : "'" + value + "'";
    }

    /// {@return a part of a callback's state key, by our name}
    ///
    /// @param callback the callback
    /// @param name the name of a choice
    public static String part(ModelCheckpoint callback, String name) {
        return Objects.requireNonNull(parts(callback).get(name), name);
    }

    private static Map<String, String> parts(ModelCheckpoint callback) {
        var matcher = KEY.matcher(callback.stateKey());
        if (!matcher.matches()) {
            throw new IllegalStateException(callback.stateKey());
        }
        var parts = new java.util.HashMap<String, String>();
        for (String part : matcher.group(2).split(", ", -1)) {
            int at = part.indexOf('=');
            parts.put(part.substring(0, at), part.substring(at + 1));
        }
        return parts;
    }
}
