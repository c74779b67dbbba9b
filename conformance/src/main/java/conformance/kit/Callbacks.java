package conformance.kit;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.json.Json;
import conformance.json.Json.Fields;
import java.time.Duration;
import java.util.List;
import loops.core.callback.Timer;

/// The callbacks that cases add to a trainer: `{"Timer": {"duration_seconds": 0, "interval": "step"}}`.
public final class Callbacks {
    private Callbacks() {}

    /// Adds callbacks to a scenario.
    ///
    /// @param scenario the scenario
    /// @param all what the case says of them
    /// @throws NotUnderstoodException if one is not known
    public static void add(Scenario scenario, List<Json> all) {
        for (Json each : all) {
            var entry = entry(each);
            var arguments = new Keys(entry.getKey(), fields(entry.getValue()));
            switch (entry.getKey()) {
                case "EarlyStopping" ->
                        scenario.callback(EarlyStops.read(arguments, "early_stop_on"));
                case "Timer" -> scenario.callback(timer(arguments));
                case "GradientAccumulationScheduler" -> {
                    arguments.names().forEach(arguments::json);
                    var factors = TrainerFlags.factors(fields(entry.getValue()));
                    scenario.choose(config -> config.plan(plan -> plan.accumulate(factors)));
                }
                default ->
                        throw new NotUnderstoodException("there is no callback " + entry.getKey());
            }
            requireRead(arguments);
        }
    }

    /// {@return the one timer among callbacks}
    ///
    /// @param all what the case says of them
    /// @throws NotUnderstoodException if there are others
    public static Timer timer(List<Json> all) {
        if (all.size() != 1 || !entry(all.getFirst()).getKey().equals("Timer")) {
            throw new NotUnderstoodException(all + " is not one timer");
        }
        return timer(new Keys("Timer", fields(entry(all.getFirst()).getValue())));
    }

    private static Timer timer(Keys arguments) {
        var timer =
                Timer.of(Duration.ofMillis(Math.round(1000 * arguments.real("duration_seconds"))));
        var made =
                switch (arguments.textIfAny("interval").orElse("step")) {
                    case "step" -> timer;
                    case "epoch" -> timer.perEpoch();
                    default -> throw new NotUnderstoodException("a timer has no such interval");
                };
        requireRead(arguments);
        return made;
    }

    private static void requireRead(Keys arguments) {
        if (!arguments.unread().isEmpty()) {
            throw new NotUnderstoodException("unknown keys " + arguments.unread());
        }
    }

    private static java.util.Map.Entry<String, Json> entry(Json each) {
        if (each instanceof Fields(var entries) && entries.size() == 1) {
            return entries.firstEntry();
        }
        throw new NotUnderstoodException(each + " is no callback with its arguments");
    }

    private static Fields fields(Json json) {
        if (json instanceof Fields fields) {
            return fields;
        }
        throw new NotUnderstoodException(json + " are no arguments");
    }
}
