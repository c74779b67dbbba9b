package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.CountedSource;
import conformance.kit.Loaders;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import conformance.kit.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.Activity;
import loops.core.training.Limit;
import org.jspecify.annotations.Nullable;

/// How many batches are taken of how many: limits, fast dev runs, overfitting, the sanity check.
final class LimitsArea implements Area {
    private static final String SOME_STAGE = "limit_<stage>_batches";
    private static final String EVERY_STAGE = "limit_*_batches";
    private static final List<String> STAGES = List.of("train", "val", "test", "predict");

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.isList("trainer")) {
            return Refused.all(
                    setup.rows("trainer").stream()
                            .map(flags -> Refused.by(() -> Scenario.of(flags).trainer()))
                            .toList());
        }
        if (expect.has("constructor_raises")) {
            var flags = setup.fields("trainer");
            return Refused.all(List.of(Refused.by(() -> Scenario.of(flags).trainer())));
        }
        if (setup.has("stages")) {
            return stages(setup);
        }
        return setup.has("datasets") ? datasets(setup) : run(setup, expect);
    }

    // ---- one scenario

    private static Answers run(Keys setup, Expectation expect) {
        var flags = setup.fields("trainer", fields -> expand(fields, EVERY_STAGE, STAGES));
        var scenario = Scenario.of(flags);
        var watched = new Watched(Workspace.create(), new ArrayList<>());
        prepare(scenario, setup, flags, watched);
        if (setup.has("validation_step")) {
            scenario.script().validates(!(setup.json("validation_step") instanceof Json.Null));
        }
        var calls = calls(setup, flags, expect);
        var before = scenario.model().weights();
        calls.forEach(call -> call(scenario, call));
        var activity = activity(calls.getLast());
        return scenario.answers()
                .to("num_batches", () -> scenario.loaderBatches(activity))
                .to("num_val_batches_observed", scenario::validationBatches)
                .to("sanity_batches_run", () -> sanityBatches(scenario))
                .to("fast_dev_run_property", () -> trial(scenario))
                .to("limit_test_batches", scenario::testLimit)
                .to("weights_changed", () -> changed(before, scenario))
                .to("logger", () -> scenario.rows().isEmpty() ? "dummy" : "real")
                .to("checkpoints_saved", watched::checkpoints)
                .to("early_stopping_evaluated", watched::looks)
                .to("with_fast_dev_run", () -> withFastDevRun(flags))
                .closing(watched.workspace());
    }

    /// What callbacks have done.
    ///
    /// @param workspace where they save
    /// @param stoppers those that stop
    private record Watched(Workspace workspace, List<EarlyStopping> stoppers) {
        int looks() {
            return stoppers.stream().mapToInt(EarlyStopping::checks).sum();
        }

        int checkpoints() {
            return workspace.names().size();
        }
    }

    private static Phrases<Runnable> callbacks(Scenario scenario, Watched watched) {
        return Phrases.<Runnable>of()
                .say(
                        "ModelCheckpoint",
                        said ->
                                () ->
                                        scenario.callback(
                                                ModelCheckpoint.everyEpoch(
                                                        watched.workspace().folder())))
                .say(
                        "EarlyStopping\\(monitor=(\\w+)\\)",
                        said ->
                                () -> {
                                    var stopper = EarlyStopping.of(said.group(1), Mode.MIN);
                                    watched.stoppers().add(stopper);
                                    scenario.callback(stopper);
                                });
    }

    private static void prepare(Scenario scenario, Keys setup, Keys flags, Watched watched) {
        var loaders = scenario.loaders();
        int length = Math.toIntExact(setup.whole("loader_length", Loaders.LENGTH));
        loaders.all(Math.toIntExact(setup.whole("loader_lengths", length)));
        setup.wholeIfAny("val_dataloaders")
                .ifPresent(n -> loaders.validation(loaders.several("val", (int) n, length)));
        setup.wholeIfAny("test_dataloaders")
                .ifPresent(n -> loaders.test(loaders.several("test", (int) n, length)));
        if (setup.has("val_loader_lengths")) {
            loaders.validation(
                    setup.wholes("val_loader_lengths").stream()
                            .map(each -> loaders.source("val", Math.toIntExact(each)))
                            .toList());
        }
        setup.textIfAny("loader").ifPresent(text -> loader(scenario).read(text).run());
        for (String callback : flags.texts("callbacks")) {
            callbacks(scenario, watched).read(callback).run();
        }
        if (flags.flag("logger", false)) {
            scenario.logInMemory();
        }
    }

    private static Phrases<Runnable> loader(Scenario scenario) {
        var loaders = scenario.loaders();
        return Phrases.<Runnable>of()
                .say("no length", said -> () -> unsized(scenario, Loaders.LENGTH))
                .say(
                        "iterable, (\\d+) batches, no length",
                        said -> () -> unsized(scenario, Integer.parseInt(said.group(1))))
                .say("(\\d+) batches", said -> () -> loaders.all(Integer.parseInt(said.group(1))));
    }

    private static void unsized(Scenario scenario, int batches) {
        var loaders = scenario.loaders();
        loaders.train(loaders.source("train", batches).unsized());
        loaders.validation(List.of(loaders.source("val", batches).unsized()));
        loaders.test(List.of(loaders.source("test", batches).unsized()));
        loaders.prediction(List.of(loaders.source("predict", batches).unsized()));
    }

    /// What is run: what the set-up says, or else what is limited and asked for.
    private static List<String> calls(Keys setup, Keys flags, Expectation expect) {
        if (setup.has("calls")) {
            return setup.texts("calls");
        }
        if (expect.has("num_batches")) {
            return STAGES.stream()
                    .filter(stage -> flags.has("limit_" + stage + "_batches"))
                    .map(LimitsArea::callOf)
                    .toList();
        }
        boolean tests = expect.names().stream().anyMatch(name -> name.contains("test_"));
        return tests ? List.of("fit", "test") : List.of("fit");
    }

    private static String callOf(String stage) {
        return switch (stage) {
            case "train" -> "fit";
            case "val" -> "validate";
            default -> stage;
        };
    }

    private static @Nullable Object call(Scenario scenario, String call) {
        return switch (call) {
            case "fit" -> scenario.fit();
            case "validate" -> scenario.validate();
            case "test" -> scenario.test();
            case "predict" -> scenario.predict();
            default -> throw new NotUnderstoodException("there is no run '" + call + "'");
        };
    }

    private static Activity activity(String call) {
        return switch (call) {
            case "validate" -> Activity.VALIDATION;
            case "test" -> Activity.TEST;
            case "predict" -> Activity.PREDICTION;
            default -> Activity.TRAINING;
        };
    }

    /// The validation steps before training.
    private static int sanityBatches(Scenario scenario) {
        int steps = 0;
        for (var event : scenario.events().begun().toList()) {
            if (event.name().equals("validation_step")) {
                steps++;
            } else if (event.name().equals("on_train_start")) {
                break;
            }
        }
        return steps;
    }

    /// A trial of one batch is what the flag `true` means.
    private static Object trial(Scenario scenario) {
        var plan = scenario.trainer().plan();
        if (plan.trial() && plan.trainLimit() instanceof Limit.Batches(int batches)) {
            return batches == 1 ? (Object) true : batches;
        }
        return false;
    }

    private static boolean changed(List<float[]> before, Scenario scenario) {
        var after = scenario.model().weights();
        for (int i = 0; i < before.size(); i++) {
            if (!Arrays.equals(before.get(i), after.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static Answers withFastDevRun(Keys flags) {
        var scenario = Scenario.of(flags);
        scenario.choose(config -> config.fastDevRun(1));
        var before = scenario.model().weights();
        scenario.fit();
        return scenario.answers()
                .to("training_step_ran", () -> scenario.events().count("training_step") > 0)
                .to("validation_step_ran", () -> scenario.events().count("validation_step") > 0)
                .to("weights_changed", () -> changed(before, scenario));
    }

    // ---- several scenarios

    /// A limit that each stage refuses.
    private static Answers stages(Keys setup) {
        var stages = setup.texts("stages");
        var all = new ArrayList<Optional<Throwable>>();
        for (String stage : stages) {
            var own = setup.fields("trainer", fields -> expand(fields, SOME_STAGE, List.of(stage)));
            var scenario = Scenario.of(own);
            loader(scenario).read(setup.text("loader")).run();
            all.add(Refused.by(() -> call(scenario, callOf(stage))));
        }
        return Refused.all(all);
    }

    private static Fields expand(Fields flags, String pattern, List<String> stages) {
        var value = flags.get(pattern).orElse(null);
        if (value == null) {
            return flags;
        }
        var expanded = flags.without(pattern);
        for (String stage : stages) {
            expanded = expanded.with("limit_" + stage + "_batches", value);
        }
        return expanded;
    }

    /// The same of each kind of data.
    private static Answers datasets(Keys setup) {
        int batchSize = Math.toIntExact(setup.whole("batch_size"));
        var scenarios = new ArrayList<Scenario>();
        for (String dataset : setup.texts("datasets")) {
            var scenario = Scenario.of(setup.fields("trainer"));
            scenario.loaders().train(dataset(scenario, batchSize).read(dataset));
            scenario.fit();
            scenarios.add(scenario);
        }
        return new Answers()
                .to("num_training_batches", () -> same(scenarios, "num_training_batches"))
                .to("train_epochs", () -> same(scenarios, "train_epochs"))
                .to("train_batches_seen", () -> same(scenarios, "training_steps"));
    }

    private static Phrases<CountedSource> dataset(Scenario scenario, int batchSize) {
        return Phrases.<CountedSource>of()
                .say(
                        "(?:sized|iterable) (\\d+)( with length)?",
                        said -> samples(scenario, said.group(1), batchSize))
                .say(
                        "iterable (\\d+) without length",
                        said -> samples(scenario, said.group(1), batchSize).unsized());
    }

    private static CountedSource samples(Scenario scenario, String samples, int batchSize) {
        int batches = (Integer.parseInt(samples) + batchSize - 1) / batchSize;
        return CountedSource.random("train", batches, batchSize, scenario.events());
    }

    private static Observed same(List<Scenario> scenarios, String question) {
        var answers = new LinkedHashSet<String>();
        var observed = new ArrayList<Observed>();
        for (Scenario scenario : scenarios) {
            var answer = scenario.answers().answer(question);
            observed.add(answer);
            answers.add(answer.toString());
        }
        return answers.size() == 1 ? observed.getFirst() : new Observed.Rows(observed);
    }
}
