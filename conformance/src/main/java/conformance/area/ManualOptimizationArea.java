package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.ManualStep;
import conformance.kit.Refused;
import conformance.kit.Reports;
import conformance.kit.Scenario;
import conformance.kit.Script;
import conformance.kit.StepLog;
import conformance.kit.TrainedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import loops.core.training.BatchResult;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.DType;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// Modules that do backward passes and optimizer steps themselves.
final class ManualOptimizationArea implements Area {
    private static final Pattern WITH_GRADIENT =
            Pattern.compile("(-?\\d+(?:\\.\\d+)?) with gradient");
    private static final String LOGGED = "train_loss on_epoch=true prog_bar=true";
    private static final String LOSS = "loss";

    @Override
    public String name() {
        return "manual_optimization";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        return setup.isList("trainer") ? refused(setup) : run(setup);
    }

    /// One attempt for each choice of flags.
    private static Answers refused(Keys setup) {
        boolean automatic = setup.flag("automatic_optimization", false);
        var thrown = new ArrayList<Optional<Throwable>>();
        for (Keys flags : setup.rows("trainer")) {
            var scenario = Scenario.of(flags);
            scenario.choose(config -> config.fastDevRun(1));
            scenario.script().automatic(automatic);
            thrown.add(Refused.by(scenario::fit));
        }
        return Refused.each("fit_raises", thrown);
    }

    // ---- one fit

    private static Answers run(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        if (!setup.has("trainer")) {
            scenario.choose(
                    config -> config.maxEpochs(1).plan(plan -> plan.trainLimit(Limit.batches(1))));
        }
        var optimizers =
                new Optimizers(
                        Math.toIntExact(setup.whole("optimizers", 1)),
                        Math.toIntExact(setup.whole("lr_schedulers", 1)));
        var step = new Steps(setup, optimizers);
        var kept = new ArrayList<BatchResult>();
        scenario.script()
                .automatic(setup.flag("automatic_optimization", false))
                .plan(optimizers::plan)
                .loss(step::loss)
                .trainingEpochEnd((run, results) -> kept.addAll(results));
        scenario.fit();
        return scenario.answers()
                .to("training_epoch_end.outputs", () -> Reports.all(kept))
                .to("output", () -> step.report(kept))
                .to("weights_change_every_step", () -> step.changesAlways)
                .to("progress_bar", () -> progressBar(scenario, step.losses))
                .to(
                        "scheduler_steps_by_trainer",
                        () -> scenario.events().count("lr_scheduler_step"))
                .to("lr_schedulers()", () -> optimizers.order);
    }

    private static Map<String, Object> progressBar(Scenario scenario, List<Double> losses) {
        var metrics = scenario.events().latestRun().orElseThrow().metrics().progressBar();
        double mean = losses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        var shown = new LinkedHashMap<String, Object>();
        metrics.forEach((name, value) -> {
            boolean ofStep = name.endsWith("_step");
            double wanted = ofStep ? losses.getLast() : mean;
            String words = ofStep ? "last loss" : "mean of losses";
            shown.put(name, Math.abs(value - wanted) <= 1e-6 * wanted ? words : value);
        });
        return shown;
    }

    /// The plan of the model, and what the model sees of it.
    private static final class Optimizers {
        private final int count;
        private final int schedulerCount;
        private final List<Scheduler> planned = new ArrayList<>();
        private String order = "not asked for";

        Optimizers(int count, int schedulerCount) {
            this.count = count;
            this.schedulerCount = schedulerCount;
        }

        /// Schedulers are dealt out to the optimizers in their order.
        OptimizerPlan plan(TrainedModel model) {
            var all = new ArrayList<PlannedOptimizer>();
            planned.clear();
            for (int i = 0; i < count; i++) {
                var optimizer = Sgd.of(model.parameters(), Script.LEARNING_RATE);
                var one = PlannedOptimizer.of(optimizer);
                int end = schedulerCount * (i + 1) / count;
                while (planned.size() < end) {
                    planned.add(Scheduler.of(optimizer, Schedules.step(1, 0.1)));
                    one = one.schedule(planned.getLast());
                }
                all.add(one);
            }
            return new OptimizerPlan(all);
        }

        @SuppressWarnings("ReferenceEquality") // the same objects are wanted
        void look(Step step) {
            var seen = new ArrayList<Scheduler>();
            for (int i = 0; i < count; i++) {
                step.optimization().schedulers(i).forEach(each -> seen.add(each.scheduler()));
            }
            boolean same = seen.size() == planned.size();
            for (int i = 0; same && i < seen.size(); i++) {
                same = seen.get(i) == planned.get(i);
            }
            order =
                    same
                            ? "same objects in the order returned by configure_optimizers"
                            : "others: %s".formatted(seen);
        }
    }

    /// The steps of the model.
    private static final class Steps {
        private final ManualStep program;
        private final StepLog logged;
        private final Fields returned;
        private final Optimizers optimizers;

        /// Those of the latest epoch.
        private final List<Double> losses = new ArrayList<>();

        private boolean changesAlways = true;

        Steps(Keys setup, Optimizers optimizers) {
            this.program =
                    setup.textIfAny("training_step").map(ManualStep::read).orElse(ManualStep.PLAIN);
            this.logged = StepLog.read(setup.textIfAny("log").orElse(LOGGED));
            this.returned = returned(setup);
            this.optimizers = optimizers;
        }

        private static Fields returned(Keys setup) {
            var returned =
                    setup.maybe("training_step_output")
                            .or(() -> setup.maybe("returns"))
                            .orElse(null);
            return returned instanceof Fields fields ? fields : Fields.EMPTY;
        }

        @Nullable Tensor loss(TrainedModel model, Batch batch, Step step) {
            optimizers.look(step);
            if (step.batchIndex() == 0) {
                losses.clear();
            }
            var before = model.weights();
            var loss = program.run(model, batch, step);
            changesAlways &= changed(before, model.weights());
            losses.add(loss.item());
            logged.log(step, loss);
            Tensor result = null;
            for (var entry : returned.entries().entrySet()) {
                var value = value(entry.getValue(), loss);
                if (entry.getKey().equals(LOSS)) {
                    result = value;
                } else {
                    step.output(entry.getKey(), value);
                }
            }
            return result;
        }

        private static Tensor value(Json json, Tensor loss) {
            var text = json instanceof Json.Text(String given) ? given : "";
            var matcher = WITH_GRADIENT.matcher(text);
            return matcher.matches()
                    ? loss.cast(DType.FLOAT64).mul(0).add(Double.parseDouble(matcher.group(1)))
                    : Reports.tensor(json);
        }

        private static boolean changed(List<float[]> before, List<float[]> after) {
            for (int i = 0; i < before.size(); i++) {
                if (!Arrays.equals(before.get(i), after.get(i))) {
                    return true;
                }
            }
            return false;
        }

        /// What the last step reported; of numbers that had a gradient, whether they have one still.
        Map<String, Object> report(List<BatchResult> kept) {
            var step = kept.getLast().splits().getLast().steps().getLast();
            var report = new LinkedHashMap<String, Object>(Reports.of(step));
            for (var entry : returned.entries().entrySet()) {
                String name = entry.getKey();
                boolean had =
                        entry.getValue() instanceof Json.Text(String text)
                                && WITH_GRADIENT.matcher(text).matches();
                boolean has =
                        step.outputs().containsKey(name) && step.outputs().get(name).tracked();
                if (had && report.containsKey(name)) {
                    report.put(name, report.get(name) + (has ? " with" : " without") + " gradient");
                }
            }
            return report;
        }
    }
}
