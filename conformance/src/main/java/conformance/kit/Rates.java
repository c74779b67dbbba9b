package conformance.kit;

import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.PlannedScheduler;
import tensor.optim.Optimizer;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Scheduler;
import tensor.optim.Sgd;

/// The optimizers of a case about learning rates: a rate for each, and schedulers with all that can be said of them.
///
/// @param optimizers how many optimizers there are, all over all parameters
/// @param learningRates the rate of each by its index
/// @param frequencies how many batches in a row each has; none if every batch uses all
/// @param schedulers the schedulers, each of one optimizer
public record Rates(
        int optimizers,
        IntToDoubleFunction learningRates,
        List<Long> frequencies,
        List<Row> schedulers) {
    private static final String PLATEAU = "ReduceLROnPlateau";
    private static final String USUAL = "StepLR(step_size=1)";

    /// A scheduler.
    ///
    /// @param optimizer its optimizer, from 0
    /// @param kind what it does, as `StepLR(step_size=1)`
    /// @param interval `epoch` or `step`
    /// @param frequency after how many of them it moves
    /// @param monitor the metric that it looks at
    /// @param strict whether it is an error if that is missing
    public record Row(
            int optimizer,
            String kind,
            String interval,
            int frequency,
            Optional<String> monitor,
            boolean strict) {
        /// {@return whether it looks at a metric}
        public boolean plateau() {
            return kind.equals(PLATEAU);
        }

        /// {@return the scheduler}
        ///
        /// @param of changes this optimizer
        public Scheduler scheduler(Optimizer of) {
            return plateau() ? ReduceOnPlateau.of(of) : Scheduler.of(of, Optimizers.schedule(kind));
        }

        /// {@return the scheduler with the moments at which it moves}
        ///
        /// @param planned the scheduler
        public PlannedScheduler moments(PlannedScheduler planned) {
            var moved = Optimizers.moments(interval).apply(planned).every(frequency);
            var looking = monitor.map(moved::monitoring).orElse(moved);
            return strict ? looking : looking.lenient();
        }
    }

    /// {@return what a case says of rates} Without a word about schedulers each optimizer has the usual one.
    ///
    /// @param setup the case
    public static Rates read(Keys setup) {
        var frequencies = new ArrayList<Long>();
        for (Json each : setup.items("optimizer_frequencies")) {
            if (each instanceof Json.Whole(long batches)) {
                frequencies.add(batches);
            }
        }
        int count =
                Math.toIntExact(
                        setup.whole(
                                "optimizers",
                                Math.max(1, setup.items("optimizer_frequencies").size())));
        return new Rates(count, learningRates(setup), frequencies, schedulers(setup, count));
    }

    private static IntToDoubleFunction learningRates(Keys setup) {
        if (setup.has("lr_of_optimizer_i")) {
            return Phrases.<IntToDoubleFunction>of()
                    .say(
                            "([\\d.]+) \\* ([\\d.]+)\\^-i",
                            said -> {
                                double first = Double.parseDouble(said.group(1));
                                double factor = Double.parseDouble(said.group(2));
                                return i -> first * Math.pow(factor, -i);
                            })
                    .read(setup.text("lr_of_optimizer_i"));
        }
        double all = setup.realIfAny("lr").orElse(Script.LEARNING_RATE);
        return i -> all;
    }

    private static List<Row> schedulers(Keys setup, int count) {
        if (setup.has("sched")) {
            return rows(setup.rows("sched"), setup.textIfAny("scheduler_kind").orElse(USUAL));
        }
        if (setup.has("lr_scheduler")) {
            return List.of(
                    setup.json("lr_scheduler") instanceof Text(String kind)
                            ? usual(0, kind, "epoch")
                            : row(0, setup.fields("lr_scheduler"), USUAL));
        }
        if (setup.isList("lr_schedulers")) {
            return rows(setup.rows("lr_schedulers"), USUAL);
        }
        var intervals = setup.texts("scheduler_intervals");
        String kind = setup.textIfAny("lr_schedulers").map(Rates::ofEach).orElse(USUAL);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < count; i++) {
            rows.add(usual(i, kind, intervals.isEmpty() ? "epoch" : intervals.get(i)));
        }
        return rows;
    }

    private static String ofEach(String said) {
        return Phrases.<String>of().say("(.*) each", match -> match.group(1)).read(said);
    }

    private static List<Row> rows(List<Keys> all, String usual) {
        var rows = new ArrayList<Row>();
        for (Keys each : all) {
            rows.add(row(rows.size(), each, usual));
        }
        return rows;
    }

    private static Row row(int optimizer, Keys said, String usual) {
        return new Row(
                optimizer,
                kind(said.textIfAny("kind").orElse(usual)),
                said.textIfAny("interval").orElse("epoch"),
                Math.toIntExact(said.whole("frequency", 1)),
                said.textIfAny("monitor"),
                said.flag("strict", true));
    }

    private static Row usual(int optimizer, String kind, String interval) {
        return new Row(optimizer, kind(kind), interval, 1, Optional.empty(), true);
    }

    private static String kind(String said) {
        return said.equals("StepLR") ? USUAL : said;
    }

    /// {@return the plan of a model}
    ///
    /// @param model the model
    public OptimizerPlan plan(TrainedModel model) {
        if (!frequencies.isEmpty() && frequencies.size() != optimizers) {
            throw new NotUnderstoodException(
                    "there are %d optimizers and the frequencies %s"
                            .formatted(optimizers, frequencies));
        }
        var all = new ArrayList<PlannedOptimizer>();
        for (int i = 0; i < optimizers; i++) {
            var optimizer = Sgd.of(model.parameters(), learningRates.applyAsDouble(i));
            var planned = PlannedOptimizer.of(optimizer);
            for (Row row : schedulers) {
                if (row.optimizer() == i) {
                    planned = planned.schedule(row.scheduler(optimizer), row::moments);
                }
            }
            all.add(
                    frequencies.isEmpty()
                            ? planned
                            : planned.frequency(Math.toIntExact(frequencies.get(i))));
        }
        return new OptimizerPlan(all);
    }

    /// Has the model of a scenario trained so; each training step logs what schedulers look at.
    ///
    /// @param scenario the scenario
    public void in(Scenario scenario) {
        var monitors = schedulers.stream().flatMap(row -> row.monitor().stream()).toList();
        scenario.script()
                .plan(this::plan)
                .loss((model, batch, step) -> {
                    var loss = model.loss(batch);
                    if (step.optimizerIndex() == 0) {
                        monitors.forEach(monitor -> step.log(monitor, loss));
                    }
                    return loss;
                });
    }
}
