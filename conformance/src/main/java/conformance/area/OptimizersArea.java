package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.kit.OptimizerForms;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import conformance.kit.Script;
import conformance.kit.Stepper;
import conformance.kit.TrainedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import loops.core.training.BatchResult;
import loops.core.training.LogFlag;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.RunView;
import loops.core.training.TrainingOptimizer;
import tensor.optim.Adam;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// Several optimizers: their turns, their steps, and how a module plans them.
final class OptimizersArea implements Area {
    private static final String SEEN = "seen[epoch,batch_idx,optimizer_idx,global_step_at_entry]";

    private static final Phrases<Stepper> STEPPERS =
            Phrases.<Stepper>of()
                    .say(
                            "optimizer_step hook does not call the closure",
                            said -> (optimizer, split, closure) -> false)
                    .say(
                            "optimizer\\.step ignores the closure",
                            said ->
                                    (optimizer, split, closure) -> {
                                        optimizer.step();
                                        return true;
                                    })
                    .say(
                            "optimizer (\\d+) every batch; optimizer (\\d+) only on (even|odd) batch_idx,"
                                    + " otherwise just run the closure",
                            said ->
                                    sometimes(
                                            Integer.parseInt(said.group(2)),
                                            said.group(3).equals("even") ? 0 : 1));

    @Override
    public String name() {
        return "optimizers";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("variants")) {
            return variants(setup);
        }
        if (setup.has("calls")) {
            return evaluations(setup);
        }
        return setup.isList("configure_optimizers_returns") ? forms(setup) : run(setup);
    }

    private static Stepper sometimes(int seldom, int remainder) {
        return (optimizer, split, closure) -> {
            if (optimizer.index() == seldom && split.whole().index() % 2 != remainder) {
                var _ = closure.get();
                return false;
            }
            return optimizer.step(closure);
        };
    }

    // ---- one run

    private static Answers run(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        var kept = new ArrayList<BatchResult>();
        var logged = new LinkedHashMap<Integer, List<Double>>();
        setup.wholeIfAny("accumulate_grad_batches")
                .ifPresent(n -> scenario.choose(config -> config.accumulate(Math.toIntExact(n))));
        if (setup.has("optimizers")) {
            scenario.script().plan(plan(setup));
        }
        if (setup.maybe("configure_optimizers_returns")
                .filter(Json.Null.class::isInstance)
                .isPresent()) {
            scenario.script().plan(model -> OptimizerPlan.none());
        }
        setup.textIfAny("optimizer_step").ifPresent(said -> scenario.stepper(STEPPERS.read(said)));
        setup.textIfAny("log").ifPresent(said -> log(scenario.script(), said, logged));
        setup.realIfAny("loss").ifPresent(loss -> constant(scenario, loss));
        scenario.script().trainingEpochEnd((run, results) -> kept.addAll(results));
        scenario.fit();
        return answers(scenario)
                .to("training_epoch_end.outputs", () -> shape(kept))
                .to("training_epoch_end.outputs_length", kept::size)
                .to("reported_loss", () -> kept.getFirst().loss().orElseThrow())
                .to("callback_metrics", () -> meanings(scenario, logged))
                .to(
                        "warning_contains",
                        () ->
                                Observed.said(
                                        scenario.log()
                                                .warning("configures no optimizers")
                                                .orElse(null)));
    }

    private static Answers answers(Scenario scenario) {
        var events = scenario.events();
        return scenario.answers()
                .to("optimizer_step_sequence", () -> turns(scenario))
                .to("training_step_calls", () -> perOptimizer(scenario, "training_step"))
                .to("optimizer_step_calls", () -> steps(scenario))
                .to(
                        "optimizers_seen",
                        () ->
                                perOptimizer(scenario, "training_step").stream()
                                        .map(count -> count > 0)
                                        .toList())
                .to(
                        SEEN,
                        () ->
                                events.each(
                                        "training_step",
                                        place ->
                                                List.of(
                                                        place.epoch(),
                                                        place.batch(),
                                                        place.optimizer(),
                                                        place.globalStep())));
    }

    private static List<TrainingOptimizer> optimizers(Scenario scenario) {
        return scenario.events().latestRun().map(RunView::optimizers).orElse(List.of());
    }

    /// Which optimizer made each step, by number and kind.
    private static List<List<Object>> turns(Scenario scenario) {
        var optimizers = optimizers(scenario);
        return scenario.events()
                .each(
                        "optimizer_step",
                        place ->
                                List.of(
                                        place.optimizer(),
                                        optimizers.get(place.optimizer()).optimizer().kind()));
    }

    private static List<Integer> perOptimizer(Scenario scenario, String event) {
        return IntStream.range(0, optimizers(scenario).size())
                .mapToObj(i -> scenario.events().count(event, place -> place.optimizer() == i))
                .toList();
    }

    private static List<Long> steps(Scenario scenario) {
        return optimizers(scenario).stream().map(TrainingOptimizer::steps).toList();
    }

    /// The shape of the results of an epoch: batches, and the steps of each.
    private static String shape(List<BatchResult> results) {
        var sizes =
                results.stream()
                        .map(batch -> batch.splits().getFirst().steps().size())
                        .distinct()
                        .toList();
        return "%d entries of %s"
                .formatted(
                        results.size(),
                        sizes.size() == 1 ? sizes.getFirst().toString() : sizes.toString());
    }

    // ---- what a module does

    /// Either so many of one kind, or a list of kinds with their frequencies.
    private static Function<TrainedModel, OptimizerPlan> plan(Keys setup) {
        if (!setup.isList("optimizers")) {
            int count = Math.toIntExact(setup.whole("optimizers"));
            return model ->
                    OptimizerPlan.of(
                            IntStream.range(0, count)
                                    .mapToObj(i -> optimizer("SGD", model))
                                    .toArray(Optimizer[]::new));
        }
        record Kind(String name, long frequency) {}
        var kinds =
                setup.rows("optimizers").stream()
                        .map(row -> new Kind(row.text("kind"), row.whole("frequency", 0)))
                        .toList();
        return model ->
                new OptimizerPlan(
                        kinds.stream()
                                .map(kind -> {
                                    var one = PlannedOptimizer.of(optimizer(kind.name(), model));
                                    return kind.frequency() == 0
                                            ? one
                                            : one.frequency(Math.toIntExact(kind.frequency()));
                                })
                                .toList());
    }

    private static Optimizer optimizer(String kind, TrainedModel model) {
        return switch (kind) {
            case "SGD" -> Sgd.of(model.parameters(), Script.LEARNING_RATE);
            case "Adam" -> Adam.of(model.parameters(), Script.LEARNING_RATE);
            default -> throw new NotUnderstoodException("there is no optimizer '" + kind + "'");
        };
    }

    private static void constant(Scenario scenario, double loss) {
        scenario.choose(config -> config.maxEpochs(1));
        scenario.script().loss((model, batch, step) -> model.loss(batch).mul(0).add((float) loss));
    }

    /// Logs the loss under a name for each optimizer, for the step and for the epoch.
    private static void log(Script script, String said, Map<Integer, List<Double>> logged) {
        String name =
                Phrases.<String>of()
                        .say("(\\w+)<optimizer_idx> on_epoch=true", match -> match.group(1))
                        .read(said);
        script.loss((model, batch, step) -> {
            var loss = model.loss(batch);
            int optimizer = step.optimizerIndex();
            step.log(name + optimizer, loss, LogFlag.ON_STEP, LogFlag.ON_EPOCH);
            logged.computeIfAbsent(optimizer, none -> new ArrayList<>()).add(loss.item());
            return loss;
        });
    }

    /// What the metrics of every optimizer are, if they are the same of all.
    private static Map<String, String> meanings(
            Scenario scenario, Map<Integer, List<Double>> logged) {
        var meanings = new LinkedHashMap<String, String>();
        meanings.put("loss_<k>_step", "last logged value of that optimizer");
        meanings.put("loss_<k>_epoch", "mean of the values of that optimizer");
        var metrics = scenario.events().latestRun().orElseThrow().metrics();
        logged.forEach((optimizer, values) -> {
            double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
            check(
                    meanings,
                    "loss_<k>_step",
                    metrics.get("loss_%d_step".formatted(optimizer)),
                    values.getLast());
            check(
                    meanings,
                    "loss_<k>_epoch",
                    metrics.get("loss_%d_epoch".formatted(optimizer)),
                    mean);
        });
        return meanings;
    }

    private static void check(
            Map<String, String> meanings, String name, OptionalDouble seen, double meant) {
        if (seen.isEmpty() || Math.abs(seen.getAsDouble() - meant) > 1e-6 * Math.abs(meant)) {
            meanings.put(name, "%s, which is not %s".formatted(seen, meant));
        }
    }

    // ---- several runs

    private static Answers variants(Keys setup) {
        return Refused.all(
                setup.texts("variants").stream()
                        .map(said -> {
                            var scenario = Scenario.of(setup.fields("trainer"));
                            scenario.choose(config -> config.fastDevRun(1));
                            scenario.stepper(STEPPERS.read(said));
                            return Refused.by(scenario::fit);
                        })
                        .toList());
    }

    /// Runs that need no optimizer; the most that any of them has.
    private static Answers evaluations(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        scenario.choose(config -> config.fastDevRun(1));
        int optimizers = 0;
        int schedulers = 0;
        int frequencies = 0;
        for (String call : setup.texts("calls")) {
            switch (call) {
                case "validate" -> scenario.validate();
                case "test" -> scenario.test();
                case "predict" -> scenario.predict();
                default -> throw new NotUnderstoodException("there is no run '" + call + "'");
            }
            var planned = optimizers(scenario);
            optimizers = Math.max(optimizers, planned.size());
            schedulers = Math.max(schedulers, schedulers(planned));
            frequencies = Math.max(frequencies, frequencies(planned).size());
        }
        var counts = List.of(optimizers, schedulers, frequencies);
        return new Answers()
                .to("optimizers", () -> counts.get(0))
                .to("lr_schedulers", () -> counts.get(1))
                .to("frequencies", () -> counts.get(2));
    }

    private static int schedulers(List<TrainingOptimizer> optimizers) {
        return optimizers.stream().mapToInt(each -> each.schedulers().size()).sum();
    }

    private static List<Integer> frequencies(List<TrainingOptimizer> optimizers) {
        return optimizers.stream()
                .map(each -> each.planned().frequency())
                .filter(OptionalInt::isPresent)
                .map(OptionalInt::getAsInt)
                .toList();
    }

    /// The forms in which the original takes a plan, each as the plan that it means.
    private static Answers forms(Keys setup) {
        var planned = new ArrayList<List<TrainingOptimizer>>();
        for (String form : setup.texts("configure_optimizers_returns")) {
            var scenario = Scenario.of(setup.fields("trainer"));
            scenario.choose(config -> config.fastDevRun(1));
            scenario.script().plan(OptimizerForms.read(form));
            scenario.fit();
            planned.add(optimizers(scenario));
        }
        return new Answers()
                .to("optimizers", () -> planned.stream().map(List::size).toList())
                .to("schedulers", () -> planned.stream().map(OptimizersArea::schedulers).toList())
                .to("frequencies", () -> planned.stream().map(OptimizersArea::frequencies).toList())
                .to("scheduler_config_defaults", () -> defaults(planned));
    }

    private static Map<String, Object> defaults(List<List<TrainingOptimizer>> planned) {
        var optimizer =
                planned.stream()
                        .flatMap(List::stream)
                        .filter(each -> !each.schedulers().isEmpty())
                        .findFirst()
                        .orElseThrow();
        var scheduler = optimizer.schedulers().getFirst();
        var config = new LinkedHashMap<String, Object>();
        config.put("interval", scheduler.planned().everyStep() ? "step" : "epoch");
        config.put("frequency", scheduler.planned().frequency());
        config.put("reduce_on_plateau", scheduler.monitorsMetric());
        config.put("monitor", scheduler.planned().monitor());
        config.put("strict", scheduler.planned().strict());
        config.put("name", scheduler.planned().name());
        config.put("opt_idx", optimizer.index());
        return config;
    }
}
