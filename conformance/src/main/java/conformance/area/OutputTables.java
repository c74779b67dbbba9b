package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.NotUnderstoodException;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Null;
import conformance.json.Json.Whole;
import conformance.kit.CountedSource;
import conformance.kit.ReportListener;
import conformance.kit.Reports;
import conformance.kit.Scenario;
import conformance.kit.Script;
import conformance.kit.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import loops.core.training.BatchResult;
import loops.core.training.OptimizerPlan;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.Shape;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// Tables of what steps report, and in which form hooks are told of it. Each row is a fit of its own.
///
/// In a row stand batches, in each the parts along time, in each what was reported: by optimizers, or, where no number of
/// optimizers is given, by the one step of manual optimization. A part that is null or a list reported nothing.
final class OutputTables {
    private static final String EPOCH = "batch_outputs";
    private static final String BATCH = "batch_end_outputs";
    private static final String LOSS = "loss";
    private static final String INPUT = "input";

    private final List<List<Json>> batches;
    private final int optimizers;
    private final boolean automatic;
    private final boolean split;

    private OutputTables(Expectation row, List<List<Json>> batches) {
        this.batches = batches;
        this.automatic = row.has("num_optimizers");
        this.optimizers = automatic ? whole(row, "num_optimizers") : 1;
        boolean parts = row.has("tbptt_splits") && whole(row, "tbptt_splits") > 0;
        this.split = parts || batches.stream().anyMatch(batch -> batch.size() > 1);
    }

    /// {@return what hooks were told}
    ///
    /// @param row a row of a table, with its inputs
    static Answers row(Expectation row) {
        if (row.has(BATCH)) {
            var batch = new OutputTables(row, List.of(items(row.input(BATCH))));
            return new Answers().to("expected", () -> batch.run().trained().getFirst());
        }
        var batches = items(row.input(EPOCH)).stream().map(OutputTables::items).toList();
        var epoch = new OutputTables(row, batches);
        var kept = new ArrayList<BatchResult>();
        epoch.run(kept);
        return new Answers().to("expected", () -> kept.stream().map(Reports::of).toList());
    }

    private ReportListener run() {
        return run(new ArrayList<>());
    }

    private ReportListener run(List<BatchResult> kept) {
        var scenario = Scenario.plain();
        scenario.choose(config -> config.maxEpochs(1));
        var heard = new ReportListener();
        scenario.callback(heard);
        scenario.loaders()
                .train(CountedSource.of("train", batches.size(), this::batch, scenario.events()));
        var script = scenario.script();
        script.validates(false)
                .automatic(automatic)
                .plan(this::plan)
                .loss(this::loss)
                .trainingEpochEnd((run, results) -> kept.addAll(results));
        if (split) {
            script.split(SequenceSplit.every(1).along(INPUT, 1));
        }
        scenario.fit();
        return heard;
    }

    /// A batch with as many time steps as there are parts.
    private Batch batch(long position) {
        int parts = Math.max(1, batches.get((int) position).size());
        return Batch.of(Tensor.ones(Shape.of(1, parts, CountedSource.FEATURES)));
    }

    private OptimizerPlan plan(TrainedModel model) {
        var all = new ArrayList<Optimizer>();
        for (int i = 0; i < optimizers; i++) {
            all.add(Sgd.of(model.parameters(), Script.LEARNING_RATE));
        }
        return OptimizerPlan.of(all.toArray(Optimizer[]::new));
    }

    private @Nullable Tensor loss(TrainedModel model, Batch batch, Step step) {
        var zero = model.output(batch).sum().mul(0);
        if (split) {
            step.carry(zero);
        }
        var parts = batches.get(step.batchIndex());
        Tensor loss = null;
        if (step.splitIndex() < parts.size()) {
            for (var entry : report(parts.get(step.splitIndex()), step).entries().entrySet()) {
                if (entry.getKey().equals(LOSS)) {
                    loss = zero.add(number(entry.getValue()));
                } else {
                    step.output(entry.getKey(), Reports.tensor(entry.getValue()));
                }
            }
        }
        return loss;
    }

    private Fields report(Json part, Step step) {
        var report =
                automatic && part instanceof Fields byOptimizer
                        ? byOptimizer
                                .get(Integer.toString(step.optimizerIndex()))
                                .orElse(Fields.EMPTY)
                        : part;
        return switch (report) {
            case Fields fields -> fields;
            case Null _ -> Fields.EMPTY;
            case Items(var values) when values.isEmpty() -> Fields.EMPTY;
            default -> throw new NotUnderstoodException(report + " is nothing that a step reports");
        };
    }

    private static int whole(Expectation row, String name) {
        if (row.input(name) instanceof Whole(long value)) {
            return Math.toIntExact(value);
        }
        throw new NotUnderstoodException("'%s' needs to be a whole number".formatted(name));
    }

    private static List<Json> items(Json json) {
        if (json instanceof Items(var values)) {
            return values;
        }
        throw new NotUnderstoodException(json + " needs to be a list");
    }

    private static double number(Json json) {
        return switch (json) {
            case Json.Real(double value) -> value;
            case Whole(long value) -> (double) value;
            default -> throw new NotUnderstoodException(json + " is no loss");
        };
    }
}
