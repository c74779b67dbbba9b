package conformance.area;

import conformance.check.Answers;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json.Fields;
import conformance.json.Json.Flag;
import conformance.json.Json.Items;
import conformance.kit.Rates;
import conformance.kit.Refused;
import conformance.kit.Same;
import conformance.kit.Scenario;
import conformance.kit.Script;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import loops.core.callback.LearningRateMonitor;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.PlannedScheduler;
import loops.core.training.RunView;
import loops.core.training.TrainingScope;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.optim.Adam;
import tensor.optim.Optimizer;
import tensor.optim.ParameterGroup;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// What a module may plan for its schedulers, what is refused of it, and how the rates are named.
final class SchedulerPlans {
    private static final double RATE = Script.LEARNING_RATE;

    private SchedulerPlans() {}

    // ---- names of rates

    static Answers names(Keys setup) {
        var plan =
                Phrases.<Function<List<Parameter>, OptimizerPlan>>of()
                        .say(
                                "one (\\w+) \\+ StepLR",
                                said ->
                                        all ->
                                                OptimizerPlan.of(
                                                        stepped(of(group(said.group(1), all)))))
                        .say(
                                "two (\\w+)",
                                said ->
                                        all ->
                                                OptimizerPlan.of(
                                                        stepped(of(group(said.group(1), all))),
                                                        stepped(of(group(said.group(1), all)))))
                        .say(
                                "one (\\w+), (\\d+) parameter groups",
                                said ->
                                        all ->
                                                OptimizerPlan.of(
                                                        stepped(
                                                                groups(
                                                                        said.group(1),
                                                                        Integer.parseInt(
                                                                                said.group(2)),
                                                                        all))))
                        .say(
                                "scheduler name (\\w+)",
                                said ->
                                        all -> {
                                            var sgd = of(group("SGD", all));
                                            return OptimizerPlan.of(
                                                    PlannedOptimizer.of(sgd)
                                                            .schedule(
                                                                    step(sgd),
                                                                    planned ->
                                                                            planned.named(
                                                                                    said.group(
                                                                                            1))));
                                        })
                        .say(
                                "parameter group named (\\w+)",
                                said ->
                                        all ->
                                                OptimizerPlan.of(
                                                        stepped(
                                                                of(
                                                                        group("SGD", all)
                                                                                .named(
                                                                                        said.group(
                                                                                                1))))))
                        .read(setup.text("optimizers"));
        var scenario = Scenario.of(new Keys("trainer", Fields.EMPTY));
        scenario.script().plan(model -> plan.apply(model.parameters()));
        var scope = TrainingScope.of(scenario.model(), RandomKey.of(1));
        return new Answers().to("lr_names", () -> LearningRateMonitor.names(scope.optimizers()));
    }

    private static ParameterGroup group(String kind, List<Parameter> parameters) {
        return switch (kind) {
            case "SGD" -> Sgd.group(parameters, RATE);
            case "Adam" -> Adam.group(parameters, RATE);
            default -> throw new NotUnderstoodException("there is no optimizer " + kind);
        };
    }

    private static Optimizer of(ParameterGroup group) {
        return Optimizer.of(group);
    }

    private static Optimizer groups(String kind, int count, List<Parameter> parameters) {
        var groups = new ArrayList<ParameterGroup>();
        for (int i = 0; i < count; i++) {
            int from = i * parameters.size() / count;
            int to = (i + 1) * parameters.size() / count;
            groups.add(group(kind, parameters.subList(from, to)));
        }
        return Optimizer.of(groups);
    }

    private static PlannedOptimizer stepped(Optimizer optimizer) {
        return PlannedOptimizer.of(optimizer).schedule(step(optimizer));
    }

    private static Scheduler step(Optimizer optimizer) {
        return Scheduler.of(optimizer, Schedules.step(1, RATE));
    }

    // ---- what a module plans

    static Answers configured(Keys setup) {
        var scenario =
                Scenario.of(
                        new Keys(
                                "trainer",
                                Fields.EMPTY
                                        .with("max_epochs", 1)
                                        .with("limit_train_batches", 1)
                                        .with("limit_val_batches", 0)));
        var plan =
                Phrases.<Function<List<Parameter>, OptimizerPlan>>of()
                        .say(
                                "\\{optimizer, lr_scheduler: ReduceLROnPlateau, monitor: (\\w+)\\}",
                                said -> all -> plateau(all, Optional.of(said.group(1))))
                        .say(
                                "\\(\\[\\w+\\], \\[ReduceLROnPlateau\\]\\)",
                                said -> all -> plateau(all, Optional.empty()))
                        .say(
                                "\\[([\\w, ]+)\\], \\[StepLR\\((\\w+)\\)\\]",
                                said -> all -> planned(all, said.group(1), said.group(2), 0))
                        .say(
                                "\\[([\\w, ]+)\\], \\[\\{scheduler: StepLR\\((\\w+)\\), opt_idx:"
                                        + " (\\d+)\\}\\]",
                                said ->
                                        all ->
                                                planned(
                                                        all,
                                                        said.group(1),
                                                        said.group(2),
                                                        Integer.parseInt(said.group(3))))
                        .read(setup.text("configure_optimizers_returns"));
        scenario.script()
                .plan(model -> plan.apply(model.parameters()))
                .loss((model, batch, step) -> {
                    var loss = model.loss(batch);
                    step.log("foo", loss);
                    return loss;
                });
        var thrown = Refused.by(scenario::fit);
        var message =
                thrown.map(Throwable::getMessage)
                        .map(text -> text.replace("ReduceOnPlateau", "ReduceLROnPlateau"));
        return Refused.answers(thrown)
                .to("message_contains", () -> Observed.said(message.orElse(null)))
                .to("config", () -> config(scenario));
    }

    private static OptimizerPlan plateau(List<Parameter> parameters, Optional<String> monitor) {
        var sgd = Sgd.of(parameters, RATE);
        return OptimizerPlan.of(
                PlannedOptimizer.of(sgd)
                        .schedule(
                                ReduceOnPlateau.of(sgd),
                                planned -> monitor.map(planned::monitoring).orElse(planned)));
    }

    /// A scheduler that was made with one of the named optimizers, or with one beside them, planned for one of them.
    private static OptimizerPlan planned(
            List<Parameter> parameters, String names, String scheduled, int index) {
        Map<String, Optimizer> optimizers = new LinkedHashMap<>();
        for (String name : names.split(", ", -1)) {
            optimizers.put(name, Sgd.of(parameters, RATE));
        }
        var scheduler = step(optimizers.getOrDefault(scheduled, Sgd.of(parameters, RATE)));
        var all = new ArrayList<PlannedOptimizer>();
        for (Optimizer optimizer : optimizers.values()) {
            var planned = PlannedOptimizer.of(optimizer);
            all.add(all.size() == index ? planned.schedule(scheduler) : planned);
        }
        return new OptimizerPlan(all);
    }

    private static Answers config(Scenario scenario) {
        var optimizer =
                scenario.events().latestRun().map(RunView::optimizers).orElseThrow().getFirst();
        PlannedScheduler planned = optimizer.schedulers().getFirst().planned();
        return new Answers()
                .to("monitor", planned::monitor)
                .to("interval", () -> planned.everyStep() ? "step" : "epoch")
                .to("frequency", planned::frequency)
                .to("reduce_on_plateau", () -> planned.scheduler().monitorsMetric())
                .to("strict", planned::strict)
                .to("opt_idx", optimizer::index)
                .to("name", planned::name);
    }

    // ---- a metric that is not logged

    /// What a run with a scheduler came to whose metric is missing.
    private record Missing(Optional<Throwable> thrown, @Nullable String warning, long moves) {}

    static Answers missingMetric(Keys setup) {
        var answers = new Answers();
        var moves = new ArrayList<Long>();
        var scheduler = setup.fields("lr_scheduler");
        String kind = scheduler.text("kind");
        String monitor = scheduler.text("monitor");
        for (boolean strict : flags(scheduler, "strict")) {
            for (boolean complete : flags(setup, "complete_epoch")) {
                var row = new Rates.Row(0, kind, "epoch", 1, Optional.of(monitor), strict);
                var missing = missing(row, complete);
                moves.add(missing.moves());
                answers.to(
                        (strict ? "strict" : "not_strict")
                                + (complete ? "_and_complete" : "_and_incomplete"),
                        () ->
                                Refused.answers(missing.thrown())
                                        .to(
                                                "warning_regex",
                                                () -> Observed.said(missing.warning())));
            }
        }
        return answers.to("scheduler_steps", () -> Same.of(moves));
    }

    private static Missing missing(Rates.Row row, boolean complete) {
        var flags =
                Fields.EMPTY
                        .with("max_epochs", 1)
                        .with("limit_train_batches", 2)
                        .with("limit_val_batches", 0)
                        .with("max_steps", complete ? -1 : 1);
        var scenario = Scenario.of(new Keys("trainer", flags));
        scenario.script()
                .plan(model -> new Rates(1, i -> RATE, List.of(), List.of(row)).plan(model));
        var thrown = Refused.by(scenario::fit);
        if (!complete && thrown.isPresent()) {
            throw new IllegalStateException(
                    "an epoch that is cut short moves nothing", thrown.get());
        }
        var scheduler =
                scenario.events()
                        .latestRun()
                        .map(RunView::optimizers)
                        .orElseThrow()
                        .getFirst()
                        .schedulers()
                        .getFirst();
        return new Missing(
                thrown,
                scenario.log().lines(Level.WARNING).stream()
                        .filter(line -> line.contains("looks at"))
                        .findFirst()
                        .orElse(null),
                scheduler.scheduler().steps());
    }

    private static List<Boolean> flags(Keys setup, String name) {
        var flags = new ArrayList<Boolean>();
        if (!(setup.json(name) instanceof Items(var values))) {
            throw new NotUnderstoodException("'" + name + "' is no list");
        }
        values.forEach(each -> {
            if (!(each instanceof Flag(boolean flag))) {
                throw new NotUnderstoodException(each + " is neither true nor false");
            }
            flags.add(flag);
        });
        return flags;
    }
}
