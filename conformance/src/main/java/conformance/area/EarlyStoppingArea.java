package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Real;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.kit.EarlyStops;
import conformance.kit.Event;
import conformance.kit.Same;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.training.RunView;
import org.jspecify.annotations.Nullable;

/// Stopping when a metric has stopped getting better: series of values are fed, and the last epoch compared.
final class EarlyStoppingArea implements Area {
    private static final String METRIC = "monitored";

    /// What a run came to.
    private record Outcome(int lastEpoch, long epochs, long globalStep, EarlyStopping stopping) {}

    @Override
    public String name() {
        return "early_stopping";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (expect.has("state_key")) {
            var stopping = EarlyStops.read(setup.fields("EarlyStopping"), METRIC);
            return new Answers().to("state_key", () -> EarlyStops.stateKey(stopping));
        }
        if (setup.has("callbacks")) {
            return answers(two(setup));
        }
        if (setup.has("monitor_values_per_epoch")) {
            return answers(series(setup));
        }
        setup.json("trainer"); // without its limits a run goes on for long
        return answers(List.of(looks(setup)));
    }

    private static Answers answers(List<Outcome> outcomes) {
        return new Answers()
                .to("last_epoch_run", () -> same(outcomes, Outcome::lastEpoch))
                .to("current_epoch", () -> same(outcomes, Outcome::epochs))
                .to("global_step", () -> same(outcomes, Outcome::globalStep))
                .to("stopped_epoch", () -> same(outcomes, each -> stopped(each.stopping())))
                .to("wait_count", () -> same(outcomes, each -> each.stopping().waited()))
                .to("evaluations", () -> same(outcomes, each -> each.stopping().checks()))
                .to("checks", () -> same(outcomes, each -> each.stopping().checks()));
    }

    /// {@return the epoch after which a fit was stopped; 0 if it was not, as the original has it}
    private static int stopped(EarlyStopping stopping) {
        return stopping.stoppedEpoch().orElse(0);
    }

    private static @Nullable Object same(List<Outcome> outcomes, Function<Outcome, Object> what) {
        return Same.of(outcomes.stream().map(what).toList());
    }

    private static Outcome run(Keys flags, EarlyStopping stopping, Consumer<Scenario> setUp) {
        var scenario = Scenario.of(flags);
        scenario.callback(stopping);
        setUp.accept(scenario);
        scenario.fit();
        int last =
                scenario.events()
                        .of("training_step")
                        .mapToInt(EarlyStoppingArea::epoch)
                        .max()
                        .orElse(-1);
        return new Outcome(last, scenario.currentEpoch(), scenario.globalStep(), stopping);
    }

    private static int epoch(Event step) {
        return step.place().epoch();
    }

    // ---- a value for each epoch

    private static List<Outcome> series(Keys setup) {
        var values = values(setup.items("monitor_values_per_epoch"));
        String where = setup.textIfAny("logged_in").orElse("validation_epoch_end");
        var validated = new ArrayList<Boolean>();
        setup.items("validation_step_present").forEach(each -> validated.add(flag(each)));
        var outcomes = new ArrayList<Outcome>();
        for (boolean validates : validated.isEmpty() ? List.of(true) : validated) {
            outcomes.add(
                    run(
                            setup.fields("trainer"),
                            EarlyStops.read(setup.fields("EarlyStopping"), METRIC),
                            scenario -> {
                                scenario.script().validates(validates);
                                log(scenario, where, run -> logValue(run, METRIC, values));
                            }));
        }
        return outcomes;
    }

    private static void log(Scenario scenario, String where, Consumer<RunView> logs) {
        switch (where) {
            case "validation_epoch_end" ->
                    scenario.script().validationEpochEnd((run, results) -> logs.accept(run));
            case "training_epoch_end" ->
                    scenario.script().trainingEpochEnd((run, results) -> logs.accept(run));
            default -> throw new NotUnderstoodException("nothing is logged in " + where);
        }
    }

    private static void logValue(RunView run, String metric, List<Double> values) {
        if (run.epoch() < values.size()) {
            run.log(metric, values.get(run.epoch()));
        }
    }

    // ---- two callbacks

    private record Pair(String first, String second, int patience) {}

    private static List<Outcome> two(Keys setup) {
        var pair =
                Phrases.<Pair>of()
                        .say(
                                "EarlyStopping\\((\\w+)\\), EarlyStopping\\((\\w+),"
                                        + " patience=(\\d+)\\) in both orders, checked on validation"
                                        + " end and on train epoch end",
                                said ->
                                        new Pair(
                                                said.group(1),
                                                said.group(2),
                                                Integer.parseInt(said.group(3))))
                        .read(setup.text("callbacks"));
        var first = perEpoch(setup, pair.first());
        var second = perEpoch(setup, pair.second());
        var outcomes = new ArrayList<Outcome>();
        for (boolean atEpochEnd : new boolean[] {false, true}) {
            for (boolean inOrder : new boolean[] {true, false}) {
                var one =
                        EarlyStopping.of(
                                pair.first(), Mode.MIN, config -> config.atEpochEnd(atEpochEnd));
                var other =
                        EarlyStopping.of(
                                pair.second(),
                                Mode.MIN,
                                config -> config.atEpochEnd(atEpochEnd).patience(pair.patience()));
                outcomes.add(
                        run(
                                setup.fields("trainer"),
                                inOrder ? one : other,
                                scenario -> {
                                    scenario.callback(inOrder ? other : one);
                                    log(
                                            scenario,
                                            "validation_epoch_end",
                                            run -> {
                                                run.log(
                                                        pair.first(),
                                                        first.applyAsDouble(run.epoch()));
                                                run.log(
                                                        pair.second(),
                                                        second.applyAsDouble(run.epoch()));
                                            });
                                }));
            }
        }
        return outcomes;
    }

    private static IntToDoubleFunction perEpoch(Keys setup, String metric) {
        String key = metric + "_per_epoch";
        if (setup.isList(key)) {
            var values = values(setup.items(key));
            return epoch -> values.get(Math.min(epoch, values.size() - 1));
        }
        double constant =
                Phrases.<Double>of()
                        .say("constant (-?[\\d.]+)", said -> Double.valueOf(said.group(1)))
                        .read(setup.text(key));
        return epoch -> constant;
    }

    // ---- what each look comes to

    /// Without a word about the looks, each finds a gain; else each finds one or is the last.
    private static Outcome looks(Keys setup) {
        var stops =
                setup.items("stopping_criteria_results").stream()
                        .map(EarlyStoppingArea::flag)
                        .toList();
        var stopping = EarlyStopping.of(METRIC, Mode.MIN, config -> config.patience(1));
        return run(
                setup.fields("trainer"),
                stopping,
                scenario ->
                        log(
                                scenario,
                                "validation_epoch_end",
                                run -> {
                                    int look = stopping.checks();
                                    boolean gains = look >= stops.size() || !stops.get(look);
                                    run.log(METRIC, gains ? -look : look);
                                }));
    }

    // ---- reading

    private static List<Double> values(List<Json> all) {
        return all.stream().map(EarlyStoppingArea::value).toList();
    }

    private static Double value(Json json) {
        return switch (json) {
            case Whole(long value) -> (double) value;
            case Real(double value) -> value;
            case Text(String text) -> number(text);
            default -> throw new NotUnderstoodException(json + " is no value of a metric");
        };
    }

    private static double number(String text) {
        return switch (text) {
            case "NaN", "Infinity", "-Infinity" -> Double.parseDouble(text);
            default -> throw new NotUnderstoodException("'" + text + "' is no value of a metric");
        };
    }

    private static boolean flag(Json json) {
        if (json instanceof Json.Flag(boolean value)) {
            return value;
        }
        throw new NotUnderstoodException(json + " is neither true nor false");
    }
}
