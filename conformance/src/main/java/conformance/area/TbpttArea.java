package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.json.Json;
import conformance.kit.CountedSource;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import conformance.kit.StepLog;
import conformance.kit.TrainedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import loops.core.training.BatchResult;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.StepResult;
import org.jspecify.annotations.Nullable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.Shape;
import tensor.nn.Losses;

/// Batches of sequences that are split along time, and the hidden state that goes from part to part.
final class TbpttArea implements Area {
    private static final Pattern RESULTS_OF_BATCH =
            Pattern.compile("training_epoch_end\\.outputs\\[(\\d+)\\]_length");
    private static final String INPUT = "input";
    private static final String OUTPUT = "x";
    private static final int SAMPLES = 30;
    private static final int TIME = 8;

    /// What a row of a table puts out as hidden state: its name, or nothing.
    private static final Phrases<String> HIDDEN =
            Phrases.<String>of().say("\\{hiddens: (\\w+)\\}", said -> said.group(1));

    /// What a step has seen and given.
    ///
    /// @param split the part of the batch
    /// @param length its time steps
    /// @param fresh whether it got no hidden state
    /// @param same whether it got what the step before had given
    /// @param detached whether what it got has no history
    /// @param tracked whether what it gives has a history
    private record Part(
            int split,
            int length,
            boolean fresh,
            boolean same,
            boolean detached,
            boolean tracked) {}

    @Override
    public String name() {
        return "tbptt";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("rows")) {
            var rows = setup.rows("rows").stream().map(TbpttArea::row).toList();
            return new Answers().to("rows", () -> rows);
        }
        return run(setup, expect);
    }

    private static Answers run(Keys setup, Expectation expect) {
        int samples = Math.toIntExact(setup.whole("samples", SAMPLES));
        int time = Math.toIntExact(setup.whole("sequence_length", TIME));
        int batchSize = Math.toIntExact(setup.whole("batch_size", samples));
        var scenario = Scenario.of(setup);
        var recurrence =
                new Recurrence(automatic(setup), setup.textIfAny("log").map(StepLog::read));
        var kept = new ArrayList<BatchResult>();
        scenario.loaders().train(sequences(scenario, samples, time, batchSize));
        scenario.script()
                .split(split(setup.whole("truncated_bptt_steps")))
                .automatic(recurrence.automatic)
                .loss(recurrence::loss)
                .trainingEpochEnd((run, results) -> kept.addAll(results));
        scenario.fit();
        var parts = recurrence.parts;
        var answers = scenario.answers();
        for (String question : expect.names()) {
            var matcher = RESULTS_OF_BATCH.matcher(question);
            if (matcher.matches()) {
                int batch = Integer.parseInt(matcher.group(1));
                answers.to(question, () -> kept.get(batch).splits().size());
            }
        }
        return answers.to("split_lengths_per_batch", () -> same(lengths(parts)))
                .to(
                        "splits_per_batch",
                        () -> same(lengths(parts).stream().map(List::size).toList()))
                .to("outputs_detached", () -> outputs(kept).noneMatch(Tensor::tracked))
                .to("outputs_contain_hiddens", () -> !names(kept).equals(Set.of(OUTPUT)))
                .to(
                        "last_batch_idx",
                        () ->
                                scenario.events()
                                        .each("training_step", place -> place.batch())
                                        .getLast())
                .to("last_split_idx", () -> parts.getLast().split())
                .to("hiddens_none_only_when", () -> freshParts(parts))
                .to("incoming_hiddens", () -> incoming(parts))
                .to(
                        "returned_hiddens_may_have_gradient",
                        () -> parts.stream().allMatch(Part::tracked));
    }

    private static boolean automatic(Keys setup) {
        return switch (setup.text("optimization")) {
            case "automatic" -> true;
            case "manual" -> false;
            default -> throw new NotUnderstoodException("optimization is automatic or manual");
        };
    }

    private static SequenceSplit split(long steps) {
        return SequenceSplit.every(Math.toIntExact(steps)).along(INPUT, 1);
    }

    /// Batches of `[samples, time, features]`; the last one has what is left.
    private static CountedSource sequences(
            Scenario scenario, int samples, int time, int batchSize) {
        var key = RandomKey.of(3);
        int batches = (samples + batchSize - 1) / batchSize;
        return CountedSource.of(
                "train",
                batches,
                position -> {
                    int size = (int) Math.min(batchSize, samples - position * batchSize);
                    var shape = Shape.of(size, time, CountedSource.FEATURES);
                    return Batch.of(Tensor.uniform(key.fold(position), shape));
                },
                scenario.events());
    }

    /// A step that sums over time, from the sum of the part before on.
    private static final class Recurrence {
        private final boolean automatic;
        private final Optional<StepLog> logged;
        private final List<Part> parts = new ArrayList<>();
        private float[] given = {};

        Recurrence(boolean automatic, Optional<StepLog> logged) {
            this.automatic = automatic;
            this.logged = logged;
        }

        @Nullable Tensor loss(TrainedModel model, Batch batch, Step step) {
            var before = step.hidden();
            var outputs = model.output(batch);
            var sum = outputs.sum(1);
            var state = before.isEmpty() ? sum : sum.add(before.getFirst());
            parts.add(
                    new Part(
                            step.splitIndex(),
                            batch.get(INPUT).size(1),
                            before.isEmpty(),
                            !before.isEmpty() && Arrays.equals(given, before.getFirst().toFloats()),
                            before.stream().noneMatch(Tensor::tracked),
                            state.tracked()));
            given = state.toFloats();
            step.carry(state);
            step.output(OUTPUT, state);
            var loss = Losses.mse(state, Tensor.ones(state.shape()));
            logged.ifPresent(log -> log.log(step, loss));
            if (!automatic) {
                step.zeroGrad(0);
                step.backward(loss);
                step.optimizerStep(0);
            }
            return loss;
        }
    }

    // ---- what was seen

    /// The lengths of the parts, batch by batch.
    private static List<List<Integer>> lengths(List<Part> parts) {
        var all = new ArrayList<List<Integer>>();
        for (Part part : parts) {
            if (part.split() == 0) {
                all.add(new ArrayList<>());
            }
            all.getLast().add(part.length());
        }
        return all;
    }

    /// One answer for all batches where it is the same for all.
    private static Object same(List<?> ofBatches) {
        return ofBatches.stream().distinct().count() == 1 ? ofBatches.getFirst() : ofBatches;
    }

    private static Stream<Tensor> outputs(List<BatchResult> kept) {
        return steps(kept).flatMap(step -> step.outputs().values().stream());
    }

    private static Set<String> names(List<BatchResult> kept) {
        var names = new TreeSet<String>();
        steps(kept).forEach(step -> names.addAll(step.outputs().keySet()));
        return names;
    }

    private static Stream<StepResult> steps(List<BatchResult> kept) {
        return kept.stream()
                .flatMap(batch -> batch.splits().stream())
                .flatMap(split -> split.steps().stream());
    }

    private static String freshParts(List<Part> parts) {
        return parts.stream().allMatch(part -> part.fresh() == (part.split() == 0))
                ? "split_idx == 0"
                : "in parts %s".formatted(parts);
    }

    private static String incoming(List<Part> parts) {
        var later = parts.stream().filter(part -> !part.fresh()).toList();
        boolean same = !later.isEmpty() && later.stream().allMatch(Part::same);
        boolean detached = later.stream().allMatch(Part::detached);
        return "%s what the previous split returned, %s"
                .formatted(
                        same ? "equal to" : "other than",
                        detached ? "detached (no gradient history)" : "with a gradient history");
    }

    // ---- rows of a table

    private static Answers row(Keys row) {
        var output = row.json("output");
        int steps = Math.toIntExact(row.whole("tbptt_steps"));
        var scenario = Scenario.of(row);
        scenario.choose(config -> config.maxEpochs(1));
        scenario.loaders().train(sequences(scenario, 1, 2 * Math.max(1, steps), 1));
        scenario.loaders().validation(List.of());
        if (steps > 0) {
            scenario.script().split(split(steps));
        }
        var hidden = hidden(output);
        var seen = new ArrayList<Tensor>();
        scenario.script()
                .loss((model, batch, step) -> {
                    if (steps > 0) {
                        seen.addAll(step.hidden());
                    }
                    var loss = model.output(batch).square().mean();
                    if (hidden != null) {
                        step.carry(loss);
                    }
                    return output instanceof Json.Null ? null : loss;
                });
        var thrown = Refused.by(scenario::fit);
        return Refused.answers(thrown)
                .to(
                        "hiddens",
                        () -> seen.isEmpty() ? null : hidden + (tracked(seen) ? "" : " detached"));
    }

    private static boolean tracked(List<Tensor> seen) {
        return seen.stream().anyMatch(Tensor::tracked);
    }

    private static @Nullable String hidden(Json output) {
        return output instanceof Json.Text(String said) ? HIDDEN.read(said) : null;
    }
}
