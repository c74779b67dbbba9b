package loops.core.defects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.Limit;
import loops.core.training.RunView;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.Shape;

/// What the original does wrong with batches: what is handed down, how many there are, how they are split.
class DataDefectsTest {
    @TempDir private Path folder;

    // ---- F24

    /// F24: one map of arguments goes down three loops of the original and is changed on its way: hooks get the last part in
    /// place of the batch, and the number of an optimizer stays for the next. Here nothing of an earlier step is left in one, and
    /// a batch cannot be changed.
    @Test
    void f24NothingOfAnEarlierStepIsLeftInOneAndHooksGetTheWholeBatch() {
        var places = new ArrayList<String>();
        var parts = new ArrayList<Batch>();
        var module =
                new Sequences(Line.TWO, 2) {
                    @Override
                    public @Nullable Tensor trainingStep(Batch batch, Step step) {
                        assertEquals(Map.of(), step.outputs());
                        assertEquals(step.splitIndex() == 0, step.hidden().isEmpty());
                        step.output("seen", Tensor.of(1f));
                        parts.add(batch);
                        places.add(
                                "%d.%d:%d %d"
                                        .formatted(
                                                step.batchIndex(),
                                                step.splitIndex(),
                                                step.optimizerIndex(),
                                                batch.input().size(1)));
                        return super.trainingStep(batch, step);
                    }
                };
        var whole = new ArrayList<Batch>();
        var callback =
                new Callback() {
                    @Override
                    public void onTrainBatchStart(RunView run, Batch batch, int index) {
                        assertEquals(3, batch.input().size(1));
                        whole.add(batch);
                    }

                    @Override
                    public void onTrainBatchEnd(
                            RunView run, BatchResult result, Batch batch, int index) {
                        assertSame(whole.getLast(), batch);
                        assertThrows(
                                UnsupportedOperationException.class,
                                () -> batch.tensors().put("input", Tensor.of(1f)));
                        assertThrows(
                                UnsupportedOperationException.class, () -> result.splits().clear());
                    }
                };

        Trainer.of(config -> config.maxEpochs(1).callbacks(callback))
                .fit(module, Sequences.data(2, 3));

        assertEquals(
                List.of(
                        "0.0:0 2", "0.0:1 2", "0.1:0 1", "0.1:1 1", "1.0:0 2", "1.0:1 2", "1.1:0 1",
                        "1.1:1 1"),
                places);
        assertSame(parts.get(0).get("number"), whole.getFirst().get("number"));
        assertNotSame(parts.get(0), whole.getFirst());
    }

    // ---- F25

    /// F25: one batch and all of them are told apart in the original by the type of a number, 1 and 1.0. Here a limit says
    /// what it counts; a bare number does not compile.
    @Test
    void f25ALimitSaysWhatItCounts() {
        assertEquals(1, trained(Limit.batches(1)));
        assertEquals(4, trained(Limit.fraction(1)));
        assertEquals(4, trained(Limit.fraction(1.0)));
        assertEquals(2, trained(Limit.fraction(0.5)));
        assertEquals(4, trained(Limit.all()));

        var table =
                """
                plan.trainLimit(1); | prob.found.req
                plan.trainLimit(1.0); | prob.found.req
                plan.validationLimit(0.5); | prob.found.req
                plan.validateEvery(1); | prob.found.req
                plan.overfit(0.1); | prob.found.req
                plan.sanityLimit(2); | prob.found.req
                plan.trainLimit(Limit.batches(1.0)); | prob.found.req
                Trainer.of(config -> config.testLimit(1)); | prob.found.req
                """
                        .strip();
        assertEquals(
                table,
                Javac.errors(
                        table.lines().map(row -> row.replaceAll(" \\| .*", "")).toList(), folder));
        assertEquals(
                "",
                Javac.errors(
                        """
                        plan.trainLimit(Limit.batches(1)).validateEvery(Limit.fraction(0.25));
                        Trainer.of(config -> config.testLimit(Limit.all()));
                        """
                                .lines()
                                .toList(),
                        folder));
    }

    /// {@return how many of four batches are trained on}
    private static long trained(Limit limit) {
        return TracedFit.of(
                        Line::new,
                        () -> DataModule.of(Slope.points(8, 2)),
                        plan -> plan.maxEpochs(1).trainLimit(limit))
                .ended()
                .input()
                .scope()
                .batches();
    }

    // ---- F33

    /// F33: the original splits whatever has a length along its second axis, hands on the tensor before in place of one that
    /// has none, and has one hidden state for all optimizers. Here a split names what it splits, everything else goes to
    /// each part as it is, lengths that differ are an error, and each optimizer has its own hidden state.
    @Test
    void f33ASplitNamesWhatItSplitsAndEachOptimizerHasItsHiddenState() {
        var all = new LinkedHashMap<String, Tensor>();
        all.put("input", Tensor.full(Shape.of(1, 5), 1));
        all.put("weight", Tensor.full(Shape.of(1), 2));
        all.put("label", Tensor.full(Shape.of(1, 7), 3));
        var batch = Batch.of(all);
        var split = SequenceSplit.every(2).along("input", 1);
        assertEquals(3, split.parts(batch));
        var lengths = new ArrayList<Integer>();
        for (int i = 0; i < 3; i++) {
            var part = split.part(batch, i);
            lengths.add(part.input().size(1));
            assertSame(batch.get("weight"), part.get("weight"));
            assertSame(batch.get("label"), part.get("label"));
        }
        assertEquals(List.of(2, 2, 1), lengths);
        assertEquals(
                "SequenceSplit: 'input' has 5 time steps and 'label' has 7; split tensors of one length",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> split.along("label", 1).parts(batch))
                        .getMessage());

        var got = new ArrayList<String>();
        Trainer.of(config -> config.maxEpochs(1)).fit(new Carrying(got), Sequences.data(2, 5));
        String one = "0.0:[] 1.0:[] 0.1:[1] 1.1:[11] 0.2:[2] 1.2:[12]";
        assertEquals(one + " " + one, String.join(" ", got));

        var cut =
                TracedFit.of(
                        () -> new Carrying(new ArrayList<>()),
                        () -> Sequences.data(2, 5),
                        plan -> plan.maxEpochs(1));
        var parts = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            parts.add("T%1$d.%2$d:0 Z0 B0 S0 T%1$d.%2$d:1 Z1 B1 S1".formatted(i / 3, i % 3));
        }
        assertEquals(String.join(" ", parts), cut.traceWhereverItIsCut());
    }

    /// Writes down which hidden state comes to which optimizer and part, and insists on it.
    private static final class Carrying extends Sequences {
        private final List<String> got;

        Carrying(List<String> got) {
            super(TWO, 2);
            this.got = got;
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            var hidden = step.hidden().stream().map(tensor -> Math.round(tensor.item())).toList();
            got.add(step.optimizerIndex() + "." + step.splitIndex() + ":" + hidden);
            Optional<Long> wanted =
                    step.splitIndex() == 0
                            ? Optional.empty()
                            : Optional.of(10L * step.optimizerIndex() + step.splitIndex());
            assertEquals(wanted.stream().toList(), hidden);
            return super.trainingStep(batch, step);
        }
    }
}
