package conformance.kit;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import java.util.Locale;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;

/// Early stopping with the arguments of the original: `{"monitor": "loss", "patience": 0}`.
public final class EarlyStops {
    private EarlyStops() {}

    /// {@return the callback}
    ///
    /// @param arguments its arguments, all of which are read
    /// @param metric what is monitored if the arguments do not say it
    /// @throws NotUnderstoodException if there is no such mode
    public static EarlyStopping read(Keys arguments, String metric) {
        return EarlyStopping.of(
                arguments.textIfAny("monitor").orElse(metric),
                mode(arguments.textIfAny("mode").orElse("min")),
                config -> {
                    arguments
                            .wholeIfAny("patience")
                            .ifPresent(looks -> config.patience(Math.toIntExact(looks)));
                    arguments.realIfAny("min_delta").ifPresent(config::minDelta);
                    arguments.realIfAny("stopping_threshold").ifPresent(config::stopAt);
                    arguments.realIfAny("divergence_threshold").ifPresent(config::giveUpAt);
                    if (!arguments.flag("check_finite", true)) {
                        config.allowNonFinite();
                    }
                    if (!arguments.flag("strict", true)) {
                        config.lenient();
                    }
                    if (arguments.maybe("check_on_train_epoch_end").isPresent()) {
                        config.atEpochEnd(arguments.flag("check_on_train_epoch_end", true));
                    }
                });
    }

    /// {@return the key of a callback's state, as the original writes it}
    ///
    /// @param callback the callback
    public static String stateKey(EarlyStopping callback) {
        return Phrases.<String>of()
                .say(
                        "EarlyStopping\\{monitor=(.*), mode=(MIN|MAX)}",
                        said ->
                                "EarlyStopping{'monitor': '%s', 'mode': '%s'}"
                                        .formatted(
                                                said.group(1),
                                                said.group(2).toLowerCase(Locale.ROOT)))
                .read(callback.stateKey());
    }

    /// {@return which values are the better ones}
    ///
    /// @param name `min` or `max`
    /// @throws NotUnderstoodException if it is neither
    public static Mode mode(String name) {
        return switch (name) {
            case "min" -> Mode.MIN;
            case "max" -> Mode.MAX;
            default -> throw new NotUnderstoodException("there is no mode '" + name + "'");
        };
    }
}
