package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.kit.Events;
import conformance.kit.LogCall;
import conformance.kit.LogValue;
import conformance.kit.LoggedMetrics;
import conformance.kit.Same;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import loops.core.training.LogFlag;
import loops.core.training.Reduce;
import loops.core.training.RunView;

/// Cases that say in a phrase what is logged.
final class LogPhrases {
    private static final int LOADER_LENGTH = 64;

    private LogPhrases() {}

    /// Sets up what is logged, runs, and answers.
    private interface Shape {
        Answers run(Keys setup, Expectation expect, Scenario scenario);
    }

    static Answers answers(Keys setup, Expectation expect) {
        var shape =
                Phrases.<Shape>of()
                        .say(
                                "(\\w+)=(-?[\\d.]+) in (\\w+)",
                                said ->
                                        (keys, asked, scenario) -> {
                                            var call =
                                                    LogCall.of(
                                                            said.group(1),
                                                            LogValue.read(said.group(2)));
                                            scenario.events().on(said.group(3), call::log);
                                            scenario.fit();
                                            return scenario.answers();
                                        })
                        .say(
                                "all \\(on_step, on_epoch, prog_bar\\) combinations in the"
                                        + " (?:train|validation|test) hooks",
                                said -> LogPhrases::allCombinations)
                        .say(
                                "([\\d.]+) in every on_\\*_batch_start/_end with reduce_fx=sum"
                                        + " \\(train: on_step=false on_epoch=true\\);"
                                        + " ([\\d.]+) in \\*_epoch_end with mean",
                                said ->
                                        (keys, asked, scenario) ->
                                                sumsAndMeans(
                                                        scenario,
                                                        LogValue.read(said.group(1)),
                                                        LogValue.read(said.group(2))))
                        .say(
                                "(\\w+) only while sanity checking",
                                said ->
                                        (keys, asked, scenario) ->
                                                whileChecking(scenario, said.group(1)))
                        .say(
                                "(.+) on_step=(true|false) on_epoch=(true|false)",
                                said ->
                                        (keys, asked, scenario) -> {
                                            var call =
                                                    LogCall.of("", LogValue.read(said.group(1)))
                                                            .on(
                                                                    Boolean.parseBoolean(
                                                                            said.group(2)),
                                                                    Boolean.parseBoolean(
                                                                            said.group(3)));
                                            return evaluations(keys, scenario, call);
                                        })
                        .read(setup.text("log"));
        var scenario = Scenario.of(setup.fields("trainer"));
        scenario.logInMemory();
        return LoggedMetrics.add(shape.run(setup, expect, scenario), scenario);
    }

    // ---- every combination in every hook

    private static Answers allCombinations(Keys setup, Expectation expect, Scenario scenario) {
        Map<LogCall, List<Double>> logged = new LinkedHashMap<>();
        var hooks = expect.fields("hook_calls").names();
        for (String hook : hooks) {
            for (LogCall call : combinations(hook)) {
                var values = new ArrayList<Double>();
                logged.put(call, values);
                scenario.events()
                        .on(
                                Events.CALLBACK + hook,
                                event -> {
                                    call.log(event);
                                    values.add(call.value().at(event.place()));
                                });
            }
        }
        if (hooks.stream().anyMatch(hook -> hook.startsWith("on_test_"))) {
            scenario.test();
        } else {
            scenario.fit();
        }
        var run = scenario.events().latestRun().orElseThrow();
        var calls = new Answers();
        hooks.forEach(
                hook -> calls.to(hook, () -> scenario.events().count(Events.CALLBACK + hook)));
        return scenario.answers()
                .to("hook_calls", () -> calls)
                .to("epoch_value", () -> epochValues(logged, run))
                .to("step_value", () -> stepValues(logged, run))
                .to(
                        "in_progress_bar_under_plain_key_iff",
                        () ->
                                logged.keySet().stream().allMatch(call -> isShownRightly(call, run))
                                        ? "prog_bar and (on_step xor on_epoch)"
                                        : run.metrics().progressBar().keySet());
    }

    /// Values of steps are wanted in the hooks of a batch alone.
    private static List<LogCall> combinations(String hook) {
        var all = new ArrayList<LogCall>();
        boolean[] both = {false, true};
        for (boolean step : both) {
            for (boolean epoch : both) {
                if ((!step && !epoch) || (step && !hook.contains("_batch_"))) {
                    continue;
                }
                String name = "%s_%s_%s".formatted(hook, step, epoch);
                all.add(LogCall.of(name, LogValue.RISING).on(step, epoch));
                all.add(
                        LogCall.of(name + "_prog_bar", LogValue.RISING)
                                .on(step, epoch)
                                .with(LogFlag.PROGRESS_BAR));
            }
        }
        return all;
    }

    private static Object epochValues(Map<LogCall, List<Double>> logged, RunView run) {
        var seen = new ArrayList<Object>();
        logged.forEach((call, values) -> {
            if (on(call.onEpoch())) {
                String name = call.name() + (on(call.onStep()) ? "_epoch" : "");
                seen.add(
                        LogReductions.mean(
                                values,
                                run.metrics().all().get(name),
                                "mean of the logged values"));
            }
        });
        return Objects.requireNonNull(Same.of(seen));
    }

    private static Object stepValues(Map<LogCall, List<Double>> logged, RunView run) {
        var seen = new ArrayList<Object>();
        logged.forEach((call, values) -> {
            if (on(call.onStep())) {
                String name = call.name() + (on(call.onEpoch()) ? "_step" : "");
                seen.add(
                        LogReductions.last(values, run.metrics().logged().get(name), "last value"));
            }
        });
        return Objects.requireNonNull(Same.of(seen));
    }

    private static boolean on(Optional<Boolean> wanted) {
        return wanted.orElse(false);
    }

    private static boolean isShownRightly(LogCall call, RunView run) {
        boolean shown = run.metrics().progressBar().containsKey(call.name());
        boolean wanted = call.further().contains(LogFlag.PROGRESS_BAR);
        return shown == (wanted && on(call.onStep()) != on(call.onEpoch()));
    }

    // ---- sums over batches, means of epochs

    private static Answers sumsAndMeans(Scenario scenario, LogValue each, LogValue atEnd) {
        for (String hook :
                List.of(
                        "on_train_batch_start",
                        "on_train_batch_end",
                        "on_validation_batch_start",
                        "on_validation_batch_end")) {
            var call = LogCall.of(hook, each).on(false, true).with(Reduce.SUM);
            scenario.events().on(hook, call::log);
        }
        for (String hook : List.of("on_train_epoch_end", "on_validation_epoch_end")) {
            scenario.events().on(hook, LogCall.of(hook, atEnd).with(Reduce.MEAN)::log);
        }
        scenario.fit();
        return scenario.answers()
                .to(
                        "all_callback_metrics_at_epoch_end",
                        () ->
                                Same.of(
                                        List.copyOf(
                                                scenario.events()
                                                        .latestRun()
                                                        .orElseThrow()
                                                        .metrics()
                                                        .all()
                                                        .values())));
    }

    // ---- what a sanity check leaves

    private static Answers whileChecking(Scenario scenario, String name) {
        var checking = new AtomicBoolean();
        List<Object> atFirst = new ArrayList<>();
        var call = LogCall.of(name, LogValue.RISING).with(LogFlag.PROGRESS_BAR);
        var events = scenario.events();
        events.on("Callback.on_sanity_check_start", event -> checking.set(true));
        events.on("Callback.on_sanity_check_end", event -> checking.set(false));
        scenario.script()
                .validation((model, batch, step) -> {
                    if (checking.get()) {
                        call.log(step);
                    }
                })
                .loss((model, batch, step) -> {
                    if (atFirst.isEmpty()) {
                        atFirst.add(LoggedMetrics.views(events.latestRun().orElseThrow()));
                    }
                    return model.loss(batch);
                });
        scenario.fit();
        var shown = events.latestRun().orElseThrow().metrics().progressBar();
        return scenario.answers()
                .to("at_first_training_step", atFirst::getFirst)
                .to(
                        "after_fit",
                        () ->
                                shown.containsKey(name)
                                        ? shown.keySet()
                                        : name + " not in progress_bar_metrics");
    }

    // ---- one run after the other

    /// Logs in every step, and looks at the metrics where each run begins.
    static Answers resetBeforeEach(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        var call = LogCall.of("foo", LogValue.RISING).on(true, true).with(LogFlag.PROGRESS_BAR);
        scenario.script()
                .loss((model, batch, step) -> {
                    call.log(step);
                    return model.loss(batch);
                })
                .validation((model, batch, step) -> call.log(step))
                .test((model, batch, step) -> call.log(step));
        List<Object> seen = new ArrayList<>();
        for (String run : setup.texts("calls")) {
            var starts = starts(run);
            int before = seen.size();
            scenario.events()
                    .onEach(event -> {
                        if (starts.contains(event.name()) && seen.size() == before) {
                            seen.add(LoggedMetrics.views(event.run().orElseThrow()));
                        }
                    });
            run(scenario, run);
        }
        return scenario.answers().to("at_start_hook_of_each", () -> Same.of(seen));
    }

    private static Set<String> starts(String run) {
        return switch (run) {
            case "fit" -> Set.of("on_train_start");
            case "validate" -> Set.of("on_validation_start");
            case "test" -> Set.of("on_test_start");
            case "predict" -> Set.of("on_predict_start");
            default -> throw new NotUnderstoodException("there is no run '" + run + "'");
        };
    }

    private static void run(Scenario scenario, String run) {
        switch (run) {
            case "fit" -> scenario.fit();
            case "validate" -> scenario.validate();
            case "test" -> scenario.test();
            case "predict" -> scenario.predict();
            default -> throw new NotUnderstoodException("there is no run '" + run + "'");
        }
    }

    /// Logs in the steps of evaluations, by names that tell the run.
    private static Answers evaluations(Keys setup, Scenario scenario, LogCall call) {
        int loaders = Math.toIntExact(setup.whole("dataloaders", 1));
        var data = scenario.loaders();
        data.validation(data.several("val", loaders, LOADER_LENGTH));
        data.test(data.several("test", loaders, LOADER_LENGTH));
        var running = new AtomicReference<>("");
        scenario.script()
                .validation(
                        (model, batch, step) -> call.named("val_log_" + running.get()).log(step))
                .test((model, batch, step) -> call.named("test_log").log(step));
        for (String run : setup.texts("calls")) {
            running.set(run);
            run(scenario, run);
        }
        return scenario.answers();
    }
}
