package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.json.JsonText;
import conformance.kit.CountedSource;
import conformance.kit.Event.Place;
import conformance.kit.ReportListener;
import conformance.kit.Reports;
import conformance.kit.Scenario;
import conformance.kit.TrainedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import loops.core.loop.OptimizerLoop;
import loops.core.training.BatchResult;
import loops.core.training.EpochRun;
import loops.core.training.FitPlan;
import loops.core.training.FitRun;
import loops.core.training.SplitRun;
import loops.core.training.Step;
import loops.core.training.TrainingScope;
import org.jspecify.annotations.Nullable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.Shape;

/// What steps report, and what of it reaches the hooks.
final class OutputsArea implements Area {
    private static final String LEFT_OUT = "gave no loss";
    private static final String STEP_END = "training_step_end";
    private static final String EPOCH_END = "training_epoch_end";

    /// What a training step reports.
    @FunctionalInterface
    private interface Report {
        /// {@return the loss, after all else was put out}
        @Nullable Tensor of(TrainedModel model, Batch batch, Step step);
    }

    private static final Report LOSS = (model, batch, step) -> model.loss(batch);

    private static final Phrases<Report> TRAINING =
            Phrases.<Report>of()
                    .say("None for (even|odd) batch_idx", said -> except(said.group(1)))
                    .say("\\{(.*)\\}", said -> named(said.group(1)));

    /// Puts out what a validation step reports.
    @FunctionalInterface
    private interface Measured {
        SequencedMap<String, Json> of(Step step);
    }

    private static final Phrases<Measured> VALIDATION =
            Phrases.<Measured>of()
                    .say(
                            "list (\\[.*\\]) for batch (\\d+)",
                            said -> listed(said.group(1), Integer.parseInt(said.group(2))))
                    .say(
                            "\\{(\\w+): random\\} afterwards",
                            said -> step -> one(said.group(1), Json.of(0.5 + step.batchIndex())));

    @Override
    public String name() {
        return "outputs";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("table")) {
            Phrases.<Boolean>of().say("each row: .*", said -> true).read(setup.text("table"));
            var rows = expect.rows("rows").stream().map(OutputTables::row).toList();
            return new Answers().to("rows", () -> rows);
        }
        if (setup.has("call")) {
            return batchLoop(setup);
        }
        return setup.has("validation_step_returns") ? validate(setup) : fit(setup);
    }

    // ---- a fit

    private static Answers fit(Keys setup) {
        var report =
                setup.maybe("training_step_returns")
                        .map(json -> json instanceof Json.Null ? nothing() : read(json))
                        .orElse(LOSS);
        var overridden = setup.fields("overridden");
        boolean hearsEpochs = overridden.flag(EPOCH_END, true);
        var heard = new ReportListener();
        var kept = new ArrayList<BatchResult>();
        var scenario = scenario(setup, report);
        scenario.callback(heard);
        scenario.script().trainingEpochEnd((run, results) -> renew(kept, results));
        if (overridden.flag(STEP_END, false)) {
            scenario.trainer()
                    .slots()
                    .optimizer()
                    .replace(old ->
                            new StepEnd(() -> scenario.events().at(STEP_END, Place.NOWHERE)));
        }
        scenario.fit();
        return scenario.answers()
                .to("on_train_batch_end.outputs_keys", () -> keys(heard.trained()))
                .to("training_epoch_end.outputs_length", kept::size)
                .to("training_epoch_end.outputs", () -> Reports.all(kept))
                .to("outputs", () -> Reports.all(kept).stream().map(OutputsArea::open).toList())
                .to("keys", () -> keys(kept.stream().map(Reports::of).toList()))
                .to("detached", () -> outputs(kept).noneMatch(Tensor::tracked))
                .to("batch_loop_output_for_even", () -> ofEvenBatches(kept))
                .to(
                        "warning_contains",
                        () -> Observed.said(scenario.log().warning(LEFT_OUT).orElse(null)))
                .to("manual_optimization", () -> manually(setup, report))
                .to(
                        "called",
                        () ->
                                new Answers()
                                        .to(
                                                "training_step",
                                                () -> called(scenario, "training_step"))
                                        .to(STEP_END, () -> called(scenario, STEP_END))
                                        .to(
                                                EPOCH_END,
                                                () -> hearsEpochs && called(scenario, EPOCH_END)));
    }

    private static Scenario scenario(Keys setup, Report report) {
        var scenario = Scenario.of(setup.fields("trainer"));
        scenario.script().loss(report::of);
        return scenario;
    }

    private static Report read(Json said) {
        return TRAINING.read(said instanceof Json.Text(String text) ? text : said.toString());
    }

    private static Report nothing() {
        return (model, batch, step) -> null;
    }

    private static Report except(String left) {
        int rest = left.equals("even") ? 0 : 1;
        return (model, batch, step) -> step.batchIndex() % 2 == rest ? null : model.loss(batch);
    }

    /// Names with a comma between them; after a colon may stand a whole number.
    private static Report named(String names) {
        var all = List.of(names.split(", *", -1));
        return (model, batch, step) -> {
            var loss = model.loss(batch);
            for (String each : all) {
                int colon = each.indexOf(':');
                String name = colon < 0 ? each : each.substring(0, colon);
                if (colon >= 0) {
                    step.output(
                            name, Tensor.scalar(Long.parseLong(each.substring(colon + 1).strip())));
                } else if (name.equals("batch_idx")) {
                    step.output(name, Tensor.scalar((long) step.batchIndex()));
                } else if (!name.equals("loss")) {
                    step.output(name, loss.mul(2));
                }
            }
            return all.contains("loss") ? loss : null;
        };
    }

    /// The results of the latest epoch.
    private static void renew(List<BatchResult> kept, List<BatchResult> results) {
        kept.clear();
        kept.addAll(results);
    }

    /// The names that every step has reported; those of each step, if they are not the same.
    private static List<?> keys(List<List<List<SequencedMap<String, Object>>>> batches) {
        var ofSteps =
                batches.stream()
                        .flatMap(List::stream)
                        .flatMap(List::stream)
                        .map(report -> report.keySet().stream().sorted().toList())
                        .distinct()
                        .toList();
        return ofSteps.size() == 1 ? ofSteps.getFirst() : ofSteps;
    }

    /// A case may ask for a part of what was reported.
    private static Answers open(SequencedMap<String, Object> report) {
        var answers = new Answers();
        report.forEach((name, value) -> answers.to(name, () -> value));
        return answers;
    }

    private static Stream<Tensor> outputs(List<BatchResult> kept) {
        return kept.stream()
                .flatMap(batch -> batch.splits().stream())
                .flatMap(split -> split.steps().stream())
                .flatMap(step -> step.outputs().values().stream());
    }

    private static List<SequencedMap<String, Object>> ofEvenBatches(List<BatchResult> kept) {
        var even = new ArrayList<BatchResult>();
        for (int i = 0; i < kept.size(); i += 2) {
            even.add(kept.get(i));
        }
        return Reports.all(even);
    }

    private static boolean called(Scenario scenario, String name) {
        return scenario.events().count(name) > 0;
    }

    /// The same steps in manual optimization.
    private static String manually(Keys setup, Report report) {
        var scenario = scenario(setup, report);
        scenario.script().automatic(false);
        scenario.fit();
        return scenario.log().warning(LEFT_OUT).orElse("no warning");
    }

    /// A loop that does something after each step of the module, which has no hook for that.
    private static final class StepEnd extends OptimizerLoop {
        private final Runnable then;

        StepEnd(Runnable then) {
            this.then = then;
        }

        @Override
        protected @Nullable Tensor trainingStep(SplitRun split, Step step) {
            var loss = super.trainingStep(split, step);
            then.run();
            return loss;
        }
    }

    // ---- a batch loop by itself

    private record Numbers(String weights, String row, int samples) {}

    private static Answers batchLoop(Keys setup) {
        var numbers =
                Phrases.<Numbers>of()
                        .say(
                                "linear layer without bias, weights (\\[.*\\]);"
                                        + " every row of the batch is (\\[.*\\]); batch size (\\d+);"
                                        + " training_step returns sum of outputs \\+ batch_idx",
                                said ->
                                        new Numbers(
                                                said.group(1),
                                                said.group(2),
                                                Integer.parseInt(said.group(3))))
                        .read(setup.text("model"));
        int index =
                Phrases.<Integer>of()
                        .say(
                                "batch_loop\\.run\\(\\{batch, batch_idx: (\\d+)\\}\\)",
                                said -> Integer.valueOf(said.group(1)))
                        .read(setup.text("call"));
        var result = run(numbers, index);
        return new Answers()
                .to(
                        "output",
                        () -> result.splits().stream().map(split -> byOptimizer(split)).toList())
                .to("closure_result", () -> result.loss().orElseThrow());
    }

    private static Map<String, Object> byOptimizer(loops.core.training.SplitResult split) {
        var reports = new TreeMap<String, Object>();
        split.steps()
                .forEach(step -> reports.put(Integer.toString(step.optimizer()), Reports.of(step)));
        return reports;
    }

    private static BatchResult run(Numbers numbers, int index) {
        var weights = matrix(numbers.weights());
        var row = matrix("[%s]".formatted(numbers.row()));
        var input = row.expand(Shape.of(numbers.samples(), row.size(1)));
        var scenario = Scenario.plain();
        scenario.script()
                .loss((model, batch, step) ->
                        batch.input()
                                .matMul(weights.t())
                                .sum()
                                .add(step.batchIndex())
                                .add(zero(model)));
        var scope = TrainingScope.of(scenario.model(), RandomKey.of(0));
        var fit = FitRun.of(scope, scenario.loaders(), FitPlan.of(plan -> {}));
        return scenario.trainer()
                .slots()
                .batch()
                .get()
                .run(new EpochRun(fit, 0).batch(Batch.of(input), index, true));
    }

    /// Nothing, but of the model's parameters.
    private static Tensor zero(TrainedModel model) {
        var none = Tensor.zeros(Shape.of(1, CountedSource.FEATURES));
        return model.output(Batch.of(none)).sum().mul(0);
    }

    private static Tensor matrix(String text) {
        var rows = new ArrayList<double[]>();
        for (Json row : items(JsonText.read(text))) {
            rows.add(items(row).stream().mapToDouble(OutputsArea::number).toArray());
        }
        int columns = rows.getFirst().length;
        var all = rows.stream().flatMapToDouble(Arrays::stream).toArray();
        return Tensor.of(all, Shape.of(rows.size(), columns)).cast(tensor.layout.DType.FLOAT32);
    }

    private static List<Json> items(Json json) {
        return json instanceof Json.Items(var values) ? values : List.of();
    }

    private static double number(Json json) {
        return switch (json) {
            case Json.Real(double value) -> value;
            case Json.Whole(long value) -> (double) value;
            default -> throw new IllegalArgumentException(json + " is no number");
        };
    }

    // ---- a validation

    private static Answers validate(Keys setup) {
        var all = setup.texts("validation_step_returns").stream().map(VALIDATION::read).toList();
        var scenario = Scenario.of(setup);
        var heard = new ReportListener();
        var given = new ArrayList<SequencedMap<String, Object>>();
        var lengths = new ArrayList<Integer>();
        scenario.callback(heard);
        scenario.script()
                .validation((model, batch, step) -> {
                    var values = new LinkedHashMap<String, Object>();
                    first(all, step)
                            .forEach((name, value) -> {
                                step.output(name, Reports.tensor(value));
                                values.put(name, value);
                            });
                    given.add(values);
                })
                .validationEpochEnd(
                        (run, results) -> results.forEach(each -> lengths.add(each.size())));
        scenario.validate();
        return scenario.answers()
                .to("validation_epoch_end.outputs_length", lengths::getFirst)
                .to(
                        "validation_step_end_receives",
                        () ->
                                heard.validated().equals(given)
                                        ? "exactly what validation_step returned"
                                        : "%s of %s".formatted(heard.validated(), given));
    }

    /// The first that says something of this step.
    private static SequencedMap<String, Json> first(List<Measured> all, Step step) {
        return all.stream()
                .map(each -> each.of(step))
                .filter(values -> !values.isEmpty())
                .findFirst()
                .orElseGet(LinkedHashMap::new);
    }

    /// The elements of a list by their places; texts stand in single quotes.
    private static Measured listed(String list, int batch) {
        var values = items(JsonText.read(list.replace('\'', '"')));
        return step -> {
            var named = new LinkedHashMap<String, Json>();
            for (int i = 0; i < values.size() && step.batchIndex() == batch; i++) {
                named.put(Integer.toString(i), values.get(i));
            }
            return named;
        };
    }

    private static SequencedMap<String, Json> one(String name, Json value) {
        var one = new LinkedHashMap<String, Json>();
        one.put(name, value);
        return one;
    }
}
