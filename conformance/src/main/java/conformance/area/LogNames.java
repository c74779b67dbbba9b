package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.kit.Events;
import conformance.kit.LogCall;
import conformance.kit.LogValue;
import conformance.kit.LoggedMetrics;
import conformance.kit.Scenario;
import conformance.kit.Script;
import conformance.kit.TrainerFlags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import loops.core.training.EvaluationResult;
import loops.core.training.Limit;
import loops.core.training.LogFlag;
import loops.core.training.StepResult;
import tensor.api.Tensor;

/// Cases that say where what is logged: `"training_step_logs": {"a": {"on_step": true}}`.
///
/// A step of the original is followed by the `_step_end` that joins the parts of several devices; here the two are one
/// place. Where no flags of the trainer are given, a short run is made that logs every step.
final class LogNames {
    private static final String LOGS = "_logs";
    private static final int LOADER_LENGTH = 64;

    private LogNames() {}

    static Answers answers(Keys setup, Expectation expect) {
        var scenario = scenario(setup);
        var answers = scenario.answers();
        boolean tests = setup.names().stream().anyMatch(name -> name.contains("test_"));
        boolean onlyTests =
                tests && setup.names().stream().noneMatch(name -> name.matches("(train|valid).*"));
        if (!onlyTests) {
            scenario.fit();
        }
        LoggedMetrics.add(answers, scenario);
        epochAndStep(setup, scenario, expect, answers);
        if (tests) {
            LoggedMetrics.add(answers, scenario.test());
            answers.to("with_one_loader", () -> LoggedMetrics.namesOfEach(withOneLoader(setup)));
        }
        return answers;
    }

    private static EvaluationResult withOneLoader(Keys setup) {
        var scenario = scenario(setup);
        scenario.loaders().test(scenario.loaders().several("test", 1, LOADER_LENGTH));
        return scenario.test();
    }

    private static Scenario scenario(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        scenario.logInMemory();
        if (!setup.has("trainer")) {
            scenario.choose(config ->
                    config.maxEpochs(1)
                            .plan(plan ->
                                    plan.trainLimit(Limit.batches(2))
                                            .validationLimit(Limit.batches(2))
                                            .logEvery(1)));
        }
        if (setup.has("limit_test_batches")) {
            var limit = TrainerFlags.limit(setup.json("limit_test_batches"));
            scenario.choose(config -> config.testLimit(limit));
        }
        var loaders = setup.wholeIfAny("test_dataloaders");
        loaders.ifPresent(count ->
                scenario.loaders()
                        .test(
                                scenario.loaders()
                                        .several("test", Math.toIntExact(count), LOADER_LENGTH)));
        install(setup, scenario);
        return scenario;
    }

    private static void install(Keys setup, Scenario scenario) {
        var logs = logs(setup, scenario);
        if (setup.has("test_step") || setup.has("test_epoch_end")) {
            sumOfResults(setup, scenario.script());
        } else if (logs.isEmpty() && setup.has("test_dataloaders")) {
            scenario.script()
                    .test((model, batch, step) ->
                            namesOfLoaders(step.loaderIndex()).forEach(call -> call.log(step)));
        } else if (logs.isEmpty()) {
            logs.put("training_step", List.of(LogCall.of("foo", LogValue.RISING)));
        }
        install(logs, scenario.script());
    }

    /// {@return what is logged, by the place where that happens}
    private static Map<String, List<LogCall>> logs(Keys setup, Scenario scenario) {
        Map<String, List<LogCall>> logs = new LinkedHashMap<>();
        for (String key : setup.names()) {
            if (key.equals("callback_logs")) {
                LogCall.read(setup.fields(key))
                        .forEach(call ->
                                scenario.events().on(Events.CALLBACK + call.name(), call::log));
                logs.put("callback", List.of());
            } else if (key.endsWith(LOGS)) {
                String place = key.substring(0, key.length() - LOGS.length());
                logs.computeIfAbsent(
                                place.replaceFirst("_step_end$", "_step"),
                                none -> new ArrayList<>())
                        .addAll(LogCall.read(setup.fields(key)));
                if (inWords(setup.json(key)) && !setup.has("training_step_logs")) {
                    logs.computeIfAbsent("training_step", none -> new ArrayList<>())
                            .add(LogCall.of("train_loss", LogValue.RISING));
                }
            }
        }
        return logs;
    }

    /// A case that says `step+epoch` and the like has the loss of training logged too.
    private static boolean inWords(Json logs) {
        return logs instanceof Fields(var entries)
                && !entries.isEmpty()
                && entries.values().stream()
                        .allMatch(said ->
                                said instanceof Json.Text(String text)
                                        && Set.of("step", "epoch", "step+epoch").contains(text));
    }

    private static void install(Map<String, List<LogCall>> logs, Script script) {
        logs.forEach((place, calls) -> {
            switch (place) {
                case "training_step" ->
                        script.loss((model, batch, step) -> {
                            calls.forEach(call -> call.log(step));
                            return model.loss(batch);
                        });
                case "validation_step" ->
                        script.validation(
                                (model, batch, step) -> calls.forEach(call -> call.log(step)));
                case "test_step" ->
                        script.test((model, batch, step) -> calls.forEach(call -> call.log(step)));
                case "training_epoch_end" ->
                        script.trainingEpochEnd(
                                (run, results) -> calls.forEach(call -> call.log(run)));
                case "validation_epoch_end" ->
                        script.validationEpochEnd(
                                (run, results) -> calls.forEach(call -> call.log(run)));
                case "test_epoch_end" ->
                        script.testEpochEnd((run, results) -> calls.forEach(call -> call.log(run)));
                case "callback" -> {}
                default -> throw new NotUnderstoodException("nothing is logged in " + place);
            }
        });
    }

    // ---- several data loaders

    /// What a model logs of which a case says only how many data loaders it has: two metrics of each, one whose name tells
    /// the data loader by itself, and one that is another for the first data loader.
    private static List<LogCall> namesOfLoaders(int loader) {
        var own =
                loader == 0 ? constant("test_log_a_class", 123) : constant("test_log_b_class", 456);
        return List.of(
                constant("test_log_common", 789),
                constant("test_log_common_diff_value", loader + 1),
                constant("test_log_no_dl_idx_" + loader, 321 * (loader + 1))
                        .with(LogFlag.SAME_NAME),
                own.with(LogFlag.SAME_NAME));
    }

    private static LogCall constant(String name, int value) {
        return LogCall.of(name, place -> value);
    }

    /// The step logs a value and puts it out; at the end the sum of all is logged.
    private static void sumOfResults(Keys setup, Script script) {
        var call =
                Phrases.<LogCall>of()
                        .say(
                                "log (\\w+)=(.+), return it",
                                said -> LogCall.of(said.group(1), LogValue.read(said.group(2))))
                        .read(setup.text("test_step"));
        script.test((model, batch, step) -> {
            call.log(step);
            step.output(call.name(), Tensor.scalar((float) call.value().at(Events.placeOf(step))));
        });
        String sum =
                Phrases.<String>of()
                        .say("log (\\w+)=sum", said -> said.group(1))
                        .read(setup.text("test_epoch_end"));
        script.testEpochEnd((run, results) -> run.log(sum, sum(call.name(), results)));
    }

    private static double sum(String name, List<List<StepResult>> results) {
        return results.stream()
                .flatMap(List::stream)
                .mapToDouble(result -> Objects.requireNonNull(result.outputs().get(name)).item())
                .sum();
    }

    // ---- what of the batches a value is

    /// Of a metric of steps and epochs a case may ask what each of the two values is.
    private static void epochAndStep(
            Keys setup, Scenario scenario, Expectation expect, Answers answers) {
        for (String question : expect.names()) {
            var metric = question.replaceFirst("_epoch$|_step \\(logged\\)$", "");
            if (metric.equals(question) || !logsInValidation(setup, metric)) {
                continue;
            }
            answers.to(
                    question,
                    () -> {
                        var metrics = scenario.events().latestRun().orElseThrow().metrics();
                        var values = scenario.events().each("validation_step", LogValue.RISING::at);
                        return question.endsWith("_epoch")
                                ? LogReductions.mean(
                                        values, metrics.all().get(question), "mean over batches")
                                : LogReductions.last(
                                        values,
                                        metrics.logged().get(metric + "_step"),
                                        "last batch");
                    });
        }
    }

    private static boolean logsInValidation(Keys setup, String metric) {
        return setup.maybe("validation_step_logs").orElse(Fields.EMPTY) instanceof Fields fields
                && fields.has(metric);
    }
}
