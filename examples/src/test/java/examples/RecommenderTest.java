package examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.Trainer;
import loops.core.loop.FitLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitRun;
import loops.core.training.TrainingScope;
import loops.recipes.NegativeSource;
import loops.recipes.SolveLoop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// The options, the parts and the output of `loops run recommender`; its short run is in [ExamplesTest].
class RecommenderTest {
    private static final double PENALTY = 0.1;

    /// Four users and three items; every user has rated two or three.
    private static final Ratings FEW =
            new Ratings(
                    4,
                    3,
                    new long[] {0, 0, 1, 1, 1, 2, 2, 3, 3},
                    new long[] {0, 2, 0, 1, 2, 1, 2, 0, 1},
                    new float[] {5, 4, 1, 2, 5, 4, 4, 3, 5});

    private static FactorModel model() {
        return new FactorModel(4, 3, 1);
    }

    @Test
    void explainShowsTheTreeWithTheLoopThatSolvesAndRunsNothing() {
        var run = CommandLineRun.of("run", "recommender", "--explain");

        assertEquals(0, run.status());
        assertEquals("", run.err());
        assertEquals("fit_loop: KFoldLoop, FitRun → FitResult", run.lines().getFirst());
        assertTrue(
                run.out().contains("optimizer_loop: SolveLoop, SplitRun → SplitResult"), run.out());
    }

    @Test
    void ratingsAreReadAsMovieLensWritesThemWhateverTheNumbers(@TempDir Path folder)
            throws IOException {
        var text = "2\t99999999999\t4\t881250949\n1\t1\t5\t0\n";
        var file = Files.writeString(folder.resolve("u.data"), text);

        var ratings = Ratings.read(file);

        assertEquals(2, ratings.users());
        assertEquals(2, ratings.items());
        assertArrayEquals(new long[] {1, 0}, ratings.user());
        assertArrayEquals(new long[] {1, 0}, ratings.item());
        assertArrayEquals(new float[] {4, 5}, ratings.value());
    }

    @Test
    void aFileThatCannotBeLearnedFromIsRefusedBeforeAnythingIs(@TempDir Path folder)
            throws IOException {
        var dull = new StringBuilder();
        for (int user = 1; user <= 5; user++) {
            dull.append(user).append("\t1\t3\n").append(user).append("\t2\t5\n");
        }
        assertEquals("--data: '%s' is no file; name one like u.data", refusal(folder));
        assertEquals(
                "%s: has 1 ratings; 10 are needed for the folds",
                refusal(Files.writeString(folder.resolve("one"), "1\t1\t5\n")));
        assertEquals(
                "%s, line 2: the user has rated this item before; give each rating once",
                refusal(Files.writeString(folder.resolve("twice"), "1\t1\t5\n1\t1\t4\n")));
        assertEquals(
                "%s: no user rates two items 4 or more, so there is no order to learn",
                refusal(Files.writeString(folder.resolve("dull"), dull)));
    }

    /// What is said, with `%s` for the file.
    private static String refusal(Path file) {
        var run = CommandLineRun.of("run", "recommender", "--data", file.toString());
        assertEquals(1, run.status());
        assertEquals("", run.out());
        return run.err().replaceFirst("recommender: ", "").replace(file.toString(), "%s").strip();
    }

    @Test
    void aFileOfOtherThingsSaysWhere(@TempDir Path folder) throws IOException {
        var narrow = Files.writeString(folder.resolve("narrow"), "2\t3\n");
        var zero = Files.writeString(folder.resolve("zero"), "2\t3\t4\n2\t0\t4\n");

        assertEquals(
                new CommandLineRun(
                        1,
                        "",
                        "recommender: %s: has 2 columns; a rating is a user, an item and a number, with tabs between\n"
                                .formatted(narrow)),
                CommandLineRun.of("run", "recommender", "--data=" + narrow));
        assertEquals(
                zero + ", line 2, column 2: the number is 0; users and items count from 1",
                assertThrows(IOException.class, () -> Ratings.read(zero)).getMessage());
    }

    @Test
    void solvingInTurnsIsWhatEquationsByHandGive() {
        var solved = new AlternatingFactors(model(), PENALTY);
        var trainer = Trainer.of(config -> config.maxEpochs(3));
        trainer.slots().optimizer().replace(old -> new SolveLoop());
        trainer.fit(solved, DataModule.of(RatingBlocks.of(FEW, all())));

        var byHand = new FactorsByHand(FEW, start(), PENALTY);
        for (int epoch = 0; epoch < 3; epoch++) {
            byHand.solve();
        }

        for (int user = 0; user < 4; user++) {
            for (int item = 0; item < 3; item++) {
                assertEquals(
                        byHand.predicted(user, item),
                        solved.model()
                                .predicted(Tensor.of((long) user), Tensor.of((long) item))
                                .item(),
                        1e-3);
            }
        }
    }

    private static int[] all() {
        return IntStream.range(0, FEW.size()).toArray();
    }

    /// {@return what a trainer gives the model of [AlternatingFactors] at first}
    private static FactorModel start() {
        var start = new AlternatingFactors(model(), PENALTY);
        start.initialize(RandomKey.of(0).fold("module"));
        return start.model();
    }

    @Test
    void eachRatingStandsInABlockOfEachSideOnce() {
        var sides = new ArrayList<String>();
        try (var blocks = RatingBlocks.of(FEW, all()).open(0, 0)) {
            sides.add(blocks.next().parts().firstEntry().getKey());
            while (blocks.hasNext()) {
                var block = blocks.next();
                sides.add(block.parts().firstEntry().getKey());
                assertEquals(FEW.size(), block.part(RatingBlocks.RATINGS).size());
            }
        }
        assertEquals(List.of("mean", "users", "items"), sides);
    }

    @Test
    void gradientDescentIsTheLoopWrittenByHand() {
        var data = new RatingFolds(FEW, false, RandomKey.of(1));
        var byLoop = new LearnedFactors(model(), PENALTY, 4);
        Trainer.of(config -> config.maxEpochs(2)).fit(byLoop, DataModule.of(data.trainBatches()));

        var byHand = new LearnedFactors(model(), PENALTY, 4);
        byHand.initialize(RandomKey.of(0).fold("module"));
        FactorsByHand.descend(byHand, data.trainBatches(), 2);

        assertEquals(0, Bits.differences(byLoop, byHand));
    }

    @Test
    void learningTheOrderIsTheLoopWrittenByHand() {
        var liked = new LikedItems(FEW, 4, RandomKey.of(1));
        var byLoop = new RankedFactors(model(), PENALTY);
        Trainer.of(config -> config.maxEpochs(3)).fit(byLoop, liked);

        var byHand = new RankedFactors(model(), PENALTY);
        byHand.initialize(RandomKey.of(0).fold("module"));
        FactorsByHand.descend(byHand, liked.trainBatches(), 3);

        assertEquals(0, Bits.differences(byLoop, byHand));
    }

    @Test
    void aRankingCutAnywhereGoesOnAsIfUndisturbed() {
        var liked = new LikedItems(FEW, 4, RandomKey.of(1));
        ResumeCheck.everyCut(() -> {
            var run =
                    FitRun.of(
                            TrainingScope.of(new RankedFactors(model(), PENALTY), RandomKey.of(2)),
                            liked,
                            FitPlan.of(config -> config.maxEpochs(3)));
            return new Scenario<>(new FitLoop(), run, run.scope());
        });
    }

    @Test
    void oneLikedItemOfEachUserIsLeftOutAndNeverDrawn() {
        var liked = new LikedItems(FEW, 4, RandomKey.of(1));
        // Users 0 and 2 like two items each, users 1 and 3 one.
        try (var tests = liked.testBatches().getFirst().open(0, 0);
                var pairs = liked.trainBatches().open(0, 0)) {
            var test = tests.next();
            var pair = pairs.next();

            assertArrayEquals(new long[] {0, 2}, test.get(NegativeSource.USER).toLongs());
            assertEquals(Shape.of(2, 3), test.get(LikedItems.KNOWN).shape());
            assertEquals(2, pair.size());
        }
    }

    @Test
    void equalScoresStandAboveAndWhatIsKnownIsLeftOut() {
        var scores = Tensor.of(new float[] {3, 2, 2, 1, 1, 1, 1, 1}, Shape.of(2, 4));
        var known = Tensor.of(new float[] {1, 0, 0, 0, 0, 0, 0, 0}, Shape.of(2, 4));

        var rank = RankedFactors.rank(scores, Tensor.of(1L, 2L), known);

        assertArrayEquals(new float[] {1, 3}, rank.toFloats());
        assertTrue(
                RankedFactors.rank(scores.mul(Double.NaN), Tensor.of(1L, 2L), known)
                        .isNaN()
                        .all()
                        .toBooleans()[0]);
    }
}
