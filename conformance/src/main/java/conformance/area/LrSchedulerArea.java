package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.kit.Event.Place;
import conformance.kit.Phrase;
import conformance.kit.Rates;
import conformance.kit.Same;
import conformance.kit.SavedRun;
import conformance.kit.Scenario;
import conformance.kit.Workspace;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.api.Progress;
import loops.core.callback.LearningRateMonitor;
import loops.core.callback.ModelCheckpoint;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.RunView;
import loops.core.training.TrainingOptimizer;

/// Schedulers of the learning rate: when they move, what they look at, how their rates are named and saved.
final class LrSchedulerArea implements Area {
    /// The cases have rates rounded to so many decimals.
    private static final int DECIMALS = 12;

    @Override
    public String name() {
        return "lr_scheduler";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (expect.has("lr_names")) {
            return SchedulerPlans.names(setup);
        }
        if (setup.has("configure_optimizers_returns")) {
            return SchedulerPlans.configured(setup);
        }
        if (setup.has("complete_epoch")) {
            return SchedulerPlans.missingMetric(setup);
        }
        if (setup.has("logging_interval")) {
            return monitored(setup);
        }
        return setup.has("ModelCheckpoint") ? saved(setup) : fit(setup);
    }

    // ---- a fit

    private static Answers fit(Keys setup) {
        var rates = Rates.read(setup);
        var scenario = Scenario.of(setup.fields("trainer"));
        rates.in(scenario);
        custom(setup);
        var positions = new ArrayList<List<Object>>();
        var atEntry = new ArrayList<List<Double>>();
        scenario.events()
                .on(
                        "training_step",
                        event -> {
                            positions.add(position(event.place(), rates.optimizers()));
                            atEntry.add(
                                    optimizers(scenario).stream()
                                            .map(each -> rounded(each.learningRate()))
                                            .toList());
                        });
        scenario.fit();
        boolean one = setup.has("lr_scheduler");
        var after = optimizers(scenario).stream().map(TrainingOptimizer::learningRate).toList();
        var steps = steps(scenario);
        boolean each = setup.has("scheduler_intervals");
        return scenario.answers()
                .to("lr_after_fit", () -> one ? after.getFirst() : after)
                .to("schedulers", steps::size)
                .to("trainer_steps", () -> each ? steps : Same.of(steps))
                .to(
                        "scheduler_step_count",
                        () -> steps.stream().map(LrSchedulerArea::withFirst).toList())
                .to("step_scheduler_trainer_steps", () -> stepsOf("step", rates, steps))
                .to("custom_epoch_scheduler_calls", () -> epochsOf("epoch", rates, scenario))
                .to(
                        "at_entry_of_each_training_step",
                        () ->
                                new Answers()
                                        .to("position", () -> positions)
                                        .to("lrs", () -> atEntry))
                .to("scheduler_progress", () -> progress(scenario));
    }

    /// What a custom move does is its own matter; when it is made is recorded.
    private static void custom(Keys setup) {
        if (!setup.isList("lr_schedulers")) {
            return;
        }
        for (Keys row : setup.rows("lr_schedulers")) {
            row.textIfAny("custom")
                    .ifPresent(said -> Phrase.require("step(epoch=current_epoch)", said));
        }
    }

    private static List<Object> position(Place place, int optimizers) {
        return optimizers == 1
                ? List.of(place.epoch(), place.batch(), place.globalStep())
                : List.of(place.epoch(), place.batch(), place.optimizer(), place.globalStep());
    }

    private static double rounded(double rate) {
        return new BigDecimal(rate).setScale(DECIMALS, RoundingMode.HALF_EVEN).doubleValue();
    }

    private static List<TrainingOptimizer> optimizers(Scenario scenario) {
        return scenario.events().latestRun().map(RunView::optimizers).orElse(List.of());
    }

    private static List<Long> steps(Scenario scenario) {
        return optimizers(scenario).stream()
                .flatMap(optimizer -> optimizer.schedulers().stream())
                .map(scheduler -> scheduler.scheduler().steps())
                .toList();
    }

    /// The original counts a move at the start, which sets the rates of step 0.
    private static long withFirst(long steps) {
        return steps + 1;
    }

    private static Object stepsOf(String interval, Rates rates, List<Long> steps) {
        var found = new ArrayList<Long>();
        for (int i = 0; i < steps.size(); i++) {
            if (rates.schedulers().get(i).interval().equals(interval)) {
                found.add(steps.get(i));
            }
        }
        return found.size() == 1 ? found.getFirst() : found;
    }

    private static List<Integer> epochsOf(String interval, Rates rates, Scenario scenario) {
        var optimizers =
                rates.schedulers().stream()
                        .filter(row -> row.interval().equals(interval))
                        .map(Rates.Row::optimizer)
                        .toList();
        return scenario.events()
                .of("lr_scheduler_step")
                .map(event -> event.place())
                .filter(place -> optimizers.contains(place.optimizer()))
                .map(Place::epoch)
                .toList();
    }

    private static Answers progress(Scenario scenario) {
        Progress progress =
                scenario.trainer().slots().epoch().get(TrainingEpochLoop.class).schedulerProgress();
        return new Answers()
                .to(
                        "total",
                        () ->
                                new Answers()
                                        .to("ready", () -> progress.total().ready())
                                        .to("completed", () -> progress.total().completed()))
                .to(
                        "current",
                        () ->
                                new Answers()
                                        .to("ready", () -> progress.current().ready())
                                        .to("completed", () -> progress.current().completed()));
    }

    // ---- what is saved

    private static Answers saved(Keys setup) {
        var rates = Rates.read(setup);
        var scenario = Scenario.of(setup.fields("trainer"));
        rates.in(scenario);
        var arguments = setup.fields("ModelCheckpoint");
        var everySteps = arguments.wholeIfAny("every_n_train_steps");
        boolean atEnd = arguments.flag("save_on_train_epoch_end", everySteps.isEmpty());
        try (var workspace = Workspace.create()) {
            Path folder = workspace.folder().resolve("saved");
            scenario.callback(
                    atEnd
                            ? ModelCheckpoint.everyEpoch(folder)
                            : ModelCheckpoint.everySteps(folder, everySteps.orElseThrow()));
            scenario.fit();
            var all = SavedRun.below(folder);
            return new Answers()
                    .to("in_on_save_checkpoint", () -> inCheckpoint(rates, all.getLast()));
        }
    }

    private static Answers inCheckpoint(Rates rates, SavedRun saved) {
        var steps = saved.schedulerSteps();
        return new Answers()
                .to("global_step", saved::globalStep)
                .to("trainer_steps", () -> Same.of(steps))
                .to("last_lr", saved::learningRates)
                .to("plateau_steps", () -> ofKind(true, rates, steps))
                .to("step_lr_steps", () -> ofKind(false, rates, steps));
    }

    private static Optional<Long> ofKind(boolean plateau, Rates rates, List<Long> steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (rates.schedulers().get(i).plateau() == plateau) {
                return Optional.of(steps.get(i));
            }
        }
        return Optional.empty();
    }

    // ---- what is logged

    private static Answers monitored(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        Rates.read(setup).in(scenario);
        var monitor = LearningRateMonitor.of();
        scenario.callback(
                switch (setup.text("logging_interval")) {
                    case "step" -> monitor.perStep();
                    case "epoch" -> monitor.perEpoch();
                    default -> throw Phrase.unknown("interval", setup.text("logging_interval"));
                });
        scenario.logInMemory();
        scenario.fit();
        var counts =
                LearningRateMonitor.names(optimizers(scenario)).stream()
                        .map(name -> rowsWith(name, scenario))
                        .toList();
        return new Answers().to("values_per_name", () -> Same.of(counts));
    }

    private static long rowsWith(String name, Scenario scenario) {
        return scenario.rows().stream().filter(row -> row.metrics().containsKey(name)).count();
    }
}
