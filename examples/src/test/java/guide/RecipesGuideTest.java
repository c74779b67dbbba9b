package guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import loops.core.Trainer;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.loop.FitLoop;
import loops.core.training.Activity;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.OptimizerPlan;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.Step;
import loops.core.training.TrainingScope;
import loops.recipes.ActiveLearningLoop;
import loops.recipes.AdaptationLoop;
import loops.recipes.Candidate;
import loops.recipes.Ensemble;
import loops.recipes.FoldData;
import loops.recipes.GeneratorLoop;
import loops.recipes.KFoldLoop;
import loops.recipes.MetaLearningLoop;
import loops.recipes.Oracle;
import loops.recipes.ParallelKFoldLoop;
import loops.recipes.Query;
import loops.recipes.SolveLoop;
import loops.recipes.TbpttLoop;
import loops.recipes.ValidationScaledLoop;
import loops.recipes.YieldLoop;
import loops.recipes.YieldingModule;
import loops.recipes.Yields;
import loops.stats.ConfidenceInterval;
import loops.stats.PairedTTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Split;
import tensor.data.Splits;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.optim.Sgd;

/// The trees that `recipes.md` shows, before and after. Its code is that of the examples and of the recipes.
class RecipesGuideTest {
    private final Trainer plain = Trainer.of(config -> {});
    private final Trainer trainer = Trainer.of(config -> {});

    // @start region=folds
    record Points(TensorDataset all, RandomKey key) implements FoldData {
        @Override
        public DataModule fold(int index, int folds) {
            var split = Splits.kFold(all.size(), folds, key).get(index);
            return DataModule.of(
                    DataLoader.of(all.subset(split.train())),
                    DataLoader.of(all.subset(split.held())));
        }

        @Override
        public BatchSource trainBatches() {
            return DataLoader.of(all);
        }
    }

    // @end region=folds

    /// Lines, whose prediction is never asked for.
    private static final class Lines extends Ensemble<Line> {
        Lines() {
            super(3, Line::new);
        }
    }

    @Test
    void aLoopAroundTheFitTrainsEachFold() {
        trainer.slots().fit().replace(fit -> new KFoldLoop(3, fit));

        assertShown(plain.slots().fit().get().tree(), trainer.slots().fit().get().tree());
    }

    @Test
    void foldsAtOnceHaveLoopsAndCallbacksOfTheirOwn() {
        int folds = 3;
        int atOnce = 2;
        var x = Tensor.uniform(RandomKey.of(1), Shape.of(9, 1));
        var data = new Points(TensorDataset.of(x, x.mul(3)), RandomKey.of(2));
        var once = Trainer.of(config -> config.maxEpochs(1));

        // @start region=parallel
        once.slots().fit().replace(_ -> new ParallelKFoldLoop(folds, atOnce, FitLoop::new));
        // @end region=parallel
        assertEquals(3 * 6, once.fit(new Lines(), data).globalStep());

        var patient = Trainer.of(config -> config.maxEpochs(9));
        // @start region=parallel-callbacks
        patient.slots()
                .fit()
                .replace(_ ->
                        new ParallelKFoldLoop(
                                folds,
                                atOnce,
                                FitLoop::new,
                                fold -> List.of(EarlyStopping.of("loss", Mode.MIN))));
        // @end region=parallel-callbacks
        assertTrue(patient.fit(new Lines(), data).epochs() <= 27);
    }

    @Test
    void theFoldsAreThoseOfTheData() {
        var x = Tensor.uniform(RandomKey.of(1), Shape.of(9, 1));
        var data = new Points(TensorDataset.of(x, x.mul(3)), RandomKey.of(2));
        var once = Trainer.of(config -> config.maxEpochs(1));
        once.slots().fit().replace(fit -> new KFoldLoop(3, fit));

        var result = once.fit(new Lines(), data);

        assertEquals(3 * 6, result.globalStep());
    }

    @Test
    void groupsStayTogetherAndTimesInOrder() {
        var key = RandomKey.of(0);

        // @start region=splits
        List<Split> speakers = Splits.groupKFold(new long[] {1, 1, 2, 3, 3}, 3, key);
        List<Split> years =
                Splits.timeSeries(8, 3); // 0 1 | 2 3, then 0 1 2 3 | 4 5, then 0 1 2 3 4 5 | 6 7
        // @end region=splits

        assertEquals(
                Set.of(List.of(0, 1), List.of(2), List.of(3, 4)),
                speakers.stream()
                        .map(split -> Arrays.stream(split.held()).boxed().toList())
                        .collect(Collectors.toSet()));
        assertEquals(
                "[Split into 2 and 2, Split into 4 and 2, Split into 6 and 2]", years.toString());
    }

    @Test
    void statisticsSayWhatTheNumbersAreWorth() {
        double[] accuracies = {0.97, 0.98, 0.96};
        double[] others = {0.94, 0.96, 0.95};

        // @start region=stats
        var interval = ConfidenceInterval.of(0.95, accuracies);
        var test = PairedTTest.of(accuracies, others);
        String worth = "%s, p %.2f".formatted(interval, test.pValue());
        // @end region=stats

        assertEquals("0.9700 +- 0.0248, p 0.07", worth);
    }

    @Test
    void aReplacedLoopMakesTheOptimizerSteps() {
        trainer.slots().optimizer().replace(old -> new ValidationScaledLoop());

        assertShown(plain.slots().batch().get().tree(), trainer.slots().batch().get().tree());
    }

    @Test
    void aReplacedLoopTakesTheLossesOfAStep() {
        // @start region=yield
        trainer.slots().optimizer().replace(old -> new YieldLoop());
        // @end region=yield

        assertShown(
                plain.slots().optimizer().get().tree(), trainer.slots().optimizer().get().tree());

        // @start region=generator
        trainer.slots().optimizer().replace(old -> new GeneratorLoop());
        // @end region=generator

        assertEquals("optimizer_loop: GeneratorLoop\n", trainer.slots().optimizer().get().tree());
    }

    @Test
    void theErrorOfAYieldTooFewIsTheOneThatComes() {
        trainer.slots().optimizer().replace(old -> new YieldLoop());
        var module =
                new YieldingModule() {
                    private final Linear line = child("line", Linear.of(1, 2));

                    @Override
                    public void trainingStep(Batch batch, Step step, Yields y) {
                        y.yield(0, line.apply(batch.input()).mean());
                    }

                    @Override
                    public OptimizerPlan configureOptimizers() {
                        return OptimizerPlan.of(
                                Sgd.of(List.of(line.weight()), 0.1),
                                Sgd.of(List.of(line.bias().orElseThrow()), 0.1));
                    }
                };

        var refused =
                assertThrows(IllegalStateException.class, () -> trainer.fit(module, Line.data()));

        String message = String.valueOf(refused.getMessage());
        assertEquals(message + "\n", Snippets.block("recipes.md", message));
    }

    @Test
    void aReplacedLoopSolvesInThePlaceOfAnOptimizer() {
        trainer.slots().optimizer().replace(old -> new SolveLoop());

        assertShown(
                plain.slots().optimizer().get().tree(), trainer.slots().optimizer().get().tree());
    }

    @Test
    void anInnerLoopAdaptsBeforeEachStep() {
        trainer.slots().optimizer().replace(old -> new MetaLearningLoop(new AdaptationLoop()));

        assertShown(
                plain.slots().optimizer().get().tree(), trainer.slots().optimizer().get().tree());
    }

    @Test
    void aReplacedLoopLetsAStateGoOn() {
        trainer.slots().optimizer().replace(old -> new TbpttLoop());

        assertShown(
                plain.slots().optimizer().get().tree(), trainer.slots().optimizer().get().tree());
    }

    @Test
    void aLoopAroundTheFitAsksForLabels() {
        trainer.slots()
                .fit()
                .replace(fit -> new ActiveLearningLoop(fit, Oracle.of(0, 1), config -> {}));

        assertShown(plain.slots().fit().get().tree(), trainer.slots().fit().get().tree());
    }

    @Test
    void anOracleThatWaitsForAPersonLeavesTheRun(@TempDir Path folder) throws IOException {
        Path questions = folder.resolve("questions.txt");
        Path answers = folder.resolve("answers.txt");
        // @start region=person
        Oracle person =
                query -> {
                    Map<Integer, Long> labels = read(answers, query);
                    if (labels.isEmpty()) {
                        write(questions, query.samples());
                        query.run().interrupt("labels are wanted in " + answers);
                    }
                    return labels;
                };
        // @end region=person
        var saves = new SaveRequest();
        var scope = TrainingScope.of(new Line(), RandomKey.of(1));
        var view =
                new RunView(
                        Activity.TRAINING,
                        scope,
                        FitPlan.of(config -> {}),
                        0,
                        OptionalInt.empty(),
                        saves);
        var query = new Query(0, List.of(new Candidate(4, 0.5), new Candidate(2, 0.1)), view);

        assertEquals(Map.of(), person.labels(query));
        assertEquals(Optional.of("labels are wanted in " + answers), saves.interruption());
        assertEquals("[4, 2]", Files.readString(questions));

        Files.writeString(answers, "7 5");
        assertEquals(Map.of(4, 7L, 2, 5L), person.labels(query));
    }

    private static Map<Integer, Long> read(Path answers, Query query) {
        try {
            var labels = new LinkedHashMap<Integer, Long>();
            if (Files.exists(answers)) {
                String[] given = Files.readString(answers).split(" ", -1);
                for (int i = 0; i < given.length; i++) {
                    labels.put(query.samples().get(i), Long.valueOf(given[i]));
                }
            }
            return labels;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path questions, List<Integer> samples) {
        try {
            Files.writeString(questions, samples.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The guide shows two trees side by side.
    private static void assertShown(String before, String after) {
        int width = before.lines().mapToInt(String::length).max().orElse(0) + 4;
        Iterator<String> left = before.lines().iterator();
        Iterator<String> right = after.lines().iterator();
        var both = new StringBuilder();
        while (left.hasNext() || right.hasNext()) {
            String first = left.hasNext() ? left.next() : "";
            String second = right.hasNext() ? right.next() : "";
            both.append((first + " ".repeat(width - first.length()) + second).stripTrailing())
                    .append('\n');
        }
        String shown = both.toString();
        assertEquals(shown, Snippets.block("recipes.md", shown.lines().findFirst().orElseThrow()));
    }
}
