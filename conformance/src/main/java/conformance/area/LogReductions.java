package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.kit.Event;
import conformance.kit.LogCall;
import conformance.kit.LogValue;
import conformance.kit.LoggedMetrics;
import conformance.kit.Same;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.core.logger.Loggers;
import loops.core.training.HookPoint;
import loops.core.training.Limit;
import loops.core.training.LogFlag;
import loops.core.training.LogOption;
import loops.core.training.Metrics;
import org.jspecify.annotations.Nullable;

/// How the values of an epoch are made one.
final class LogReductions {
    private static final int LOADER_LENGTH = 64;

    private LogReductions() {}

    // ---- words for what a value is

    /// {@return the word for the mean, or the value if it is none}
    ///
    /// @param values what was logged, from batches of one size
    /// @param seen the value of the epoch
    /// @param word what a case calls the mean
    static @Nullable Object mean(List<Double> values, @Nullable Double seen, String word) {
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
        return seen != null && Math.abs(seen - mean) <= 1e-9 * Math.abs(mean) ? word : seen;
    }

    /// {@return the word for the last value, or the value if it is another}
    ///
    /// @param values what was logged
    /// @param seen the value of a step
    /// @param word what a case calls the last one
    static @Nullable Object last(List<Double> values, @Nullable Double seen, String word) {
        return values.getLast().equals(seen) ? word : seen;
    }

    // ---- one value in several places

    /// Logs a value in all batches of an epoch, in the steps that are named: `training_step (foo)`.
    static Answers reduced(Keys setup) {
        int batches = Math.toIntExact(setup.whole("batches"));
        var value = LogValue.read(setup.text("value"));
        var how = LogCall.reduce(setup.text("reduce_fx"));
        boolean onStep = setup.flag("on_step", false);
        boolean onEpoch = setup.flag("on_epoch", true);
        var scenario = Scenario.plain();
        scenario.choose(config ->
                config.maxEpochs(1)
                        .plan(plan ->
                                plan.trainLimit(Limit.batches(batches))
                                        .validationLimit(Limit.batches(batches))));
        for (String place : setup.texts("where")) {
            var said =
                    Phrases.<String[]>of()
                            .say(
                                    "(\\w+) \\((\\w+)\\)",
                                    groups -> new String[] {groups.group(1), groups.group(2)})
                            .read(place);
            var call = LogCall.of(said[1], value).on(onStep, onEpoch).with(how);
            switch (said[0]) {
                case "training_step" ->
                        scenario.script()
                                .loss((model, batch, step) -> {
                                    call.log(step);
                                    return model.loss(batch);
                                });
                case "validation_step" ->
                        scenario.script().validation((model, batch, step) -> call.log(step));
                default -> throw new NotUnderstoodException("nothing is logged in " + said[0]);
            }
        }
        scenario.fit();
        return LoggedMetrics.add(scenario.answers(), scenario);
    }

    // ---- epoch after epoch

    /// Logs in training and in a validation of two data loaders, and looks at the end of each.
    static Answers overEpochs(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        scenario.loaders().validation(scenario.loaders().several("val", 2, LOADER_LENGTH));
        var training =
                LogCall.of("batch_idx", LogValue.read(setup.text("train_log"))).on(true, true);
        var validation = LogCall.of("val", LogValue.read(setup.text("val_log")));
        scenario.script()
                .loss((model, batch, step) -> {
                    training.log(step);
                    return model.loss(batch);
                })
                .validation((model, batch, step) -> validation.log(step));
        Map<Integer, List<Object>> epochs = new LinkedHashMap<>();
        Map<Integer, List<Object>> validations = new LinkedHashMap<>();
        List<Object> samples = new ArrayList<>();
        scenario.events()
                .on(
                        "on_train_epoch_end",
                        event -> {
                            samples.addAll(samples(metrics(event), "training"));
                            see(epochs, event, value(metrics(event), "batch_idx_epoch"));
                        });
        scenario.events()
                .on(
                        "on_validation_end",
                        event -> {
                            samples.addAll(samples(metrics(event), "evaluation"));
                            see(
                                    validations,
                                    event,
                                    List.of(
                                            value(metrics(event), "val/dataloader_idx_0"),
                                            value(metrics(event), "val/dataloader_idx_1")));
                        });
        scenario.fit();
        return scenario.answers()
                .to("batch_idx_epoch", () -> firstAndLater(epochs))
                .to("val_means", () -> firstAndLater(validations))
                .to("cumulated_batch_size", () -> Same.of(samples));
    }

    private static Metrics metrics(Event hook) {
        return hook.run().orElseThrow().metrics();
    }

    private static double value(Metrics metrics, String name) {
        return metrics.get(name)
                .orElseThrow(() ->
                        new NotUnderstoodException(
                                "'%s' is not among %s".formatted(name, metrics.all().keySet())));
    }

    private static void see(Map<Integer, List<Object>> seen, Event hook, Object value) {
        seen.computeIfAbsent(hook.place().epoch(), none -> new ArrayList<>()).add(value);
    }

    private static Answers firstAndLater(Map<Integer, List<Object>> seen) {
        return new Answers()
                .to("epoch 0", () -> Same.of(seen.getOrDefault(0, List.of())))
                .to(
                        "later",
                        () ->
                                Same.of(
                                        seen.entrySet().stream()
                                                .filter(each -> each.getKey() > 0)
                                                .flatMap(each -> each.getValue().stream())
                                                .toList()));
    }

    // ---- the collection by itself

    /// Logs values from batches of several sizes in every combination of options, and asks for those of steps and for
    /// those of the epoch.
    static Answers collected(Keys setup) {
        var values = setup.wholes("values");
        var sizes = setup.wholes("batch_sizes");
        var calls = combinations(setup.text("product").split(", *", -1));
        var steps = collected(calls, values, sizes);
        var epoch = collected(calls, values, sizes);
        var sums = of(steps, "training", "reduced");
        var samples = samples(steps, "training");
        epoch.writeEpoch(Loggers.of(List.of()), 0, 0);
        return new Answers()
                .to("value_sum", () -> Same.of(sums))
                .to("cumulated_batch_size", () -> Same.of(samples))
                .to("epoch_value", () -> Same.of(List.copyOf(epoch.all().values())))
                .to("step_value", () -> Same.of(List.copyOf(steps.logged().values())))
                .to("step_metrics", () -> names(steps))
                .to("epoch_metrics", () -> names(epoch));
    }

    private static Answers names(Metrics metrics) {
        return new Answers()
                .to("pbar", () -> LoggedMetrics.names(metrics.progressBar()))
                .to("log", () -> LoggedMetrics.names(metrics.logged()))
                .to("callback", () -> LoggedMetrics.names(metrics.all()));
    }

    private static Metrics collected(
            Map<String, LogOption[]> calls, List<Long> values, List<Long> sizes) {
        var metrics = new Metrics();
        metrics.enter(HookPoint.TRAINING_STEP);
        for (int i = 0; i < values.size(); i++) {
            metrics.beginBatch(Math.toIntExact(sizes.get(i)));
            double value = values.get(i);
            calls.forEach((name, options) -> metrics.log(name, value, options));
        }
        return metrics;
    }

    /// {@return all combinations of options in which a value of steps or of the epoch is wanted, by names that tell them}
    private static Map<String, LogOption[]> combinations(String[] options) {
        Map<String, LogOption[]> all = new LinkedHashMap<>();
        for (int chosen = 0; chosen < 1 << options.length; chosen++) {
            var name = new StringBuilder("loss");
            var flags = new ArrayList<LogOption>();
            boolean logger = false;
            for (int i = 0; i < options.length; i++) {
                if ((chosen & 1 << i) == 0) {
                    continue;
                }
                name.append('_').append(options[i]);
                switch (options[i]) {
                    case "on_step" -> flags.add(LogFlag.ON_STEP);
                    case "on_epoch" -> flags.add(LogFlag.ON_EPOCH);
                    case "prog_bar" -> flags.add(LogFlag.PROGRESS_BAR);
                    case "logger" -> logger = true;
                    default -> throw new NotUnderstoodException("no option " + options[i]);
                }
            }
            if (!logger) {
                flags.add(LogFlag.NO_LOGGER);
            }
            if (flags.contains(LogFlag.ON_STEP) || flags.contains(LogFlag.ON_EPOCH)) {
                all.put(name.toString(), flags.toArray(LogOption[]::new));
            }
        }
        return all;
    }

    // ---- what the state of the metrics tells

    private static List<Object> samples(Metrics metrics, String store) {
        return of(metrics, store, "weight");
    }

    private static List<Object> of(Metrics metrics, String store, String what) {
        var all = new ArrayList<Object>();
        for (LoopState metric : metrics.stateDict().fields(store).items("values")) {
            all.add(((Fields) metric).real(what));
        }
        return all;
    }
}
