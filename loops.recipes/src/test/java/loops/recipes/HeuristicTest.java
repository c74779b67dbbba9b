package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

class HeuristicTest {
    private static final RandomKey KEY = RandomKey.of(7);

    /// Two passes of three samples: sure, in doubt in both passes, and sure of another class in each pass.
    private static final Tensor PREDICTED =
            Tensor.of(
                    new double[] {
                        1, 0, 0, 0.5, 0.5, 0, 1, 0, 0,
                        1, 0, 0, 0.5, 0.5, 0, 0, 1, 0
                    },
                    Shape.of(2, 3, 3));

    private static double[] scores(Heuristic heuristic) {
        return heuristic.scores(PREDICTED, KEY).toDoubles();
    }

    @Test
    void entropyIsThatOfTheMeanPrediction() {
        assertArrayEquals(
                new double[] {0, Math.log(2), Math.log(2)}, scores(Heuristic.entropy()), 1e-12);
    }

    @Test
    void marginIsHighestWhereTheFirstTwoClassesAreEqual() {
        assertArrayEquals(new double[] {-1, 0, 0}, scores(Heuristic.margin()), 1e-12);
    }

    @Test
    void variationRatiosAreWhatIsLeftOfTheFirstClass() {
        assertArrayEquals(new double[] {0, 0.5, 0.5}, scores(Heuristic.variationRatios()), 1e-12);
    }

    @Test
    void baldAsksWhereThePassesDisagreeAndNotWhereAllAreInDoubt() {
        assertArrayEquals(new double[] {0, 0, Math.log(2)}, scores(Heuristic.bald()), 1e-12);
    }

    @Test
    void everyHeuristicWantsTheUnsureMoreThanTheSure() {
        for (var heuristic :
                List.of(Heuristic.entropy(), Heuristic.margin(), Heuristic.variationRatios())) {
            double[] scores = scores(heuristic);
            assertTrue(scores[1] > scores[0]);
        }
    }

    @Test
    void randomScoresDependOnTheKeyAlone() {
        double[] drawn = scores(Heuristic.random());

        assertArrayEquals(drawn, Heuristic.random().scores(PREDICTED.mul(0), KEY).toDoubles());
        assertTrue(drawn[0] != Heuristic.random().scores(PREDICTED, KEY.fold(1)).toDoubles()[0]);
    }

    @Test
    void baldNeedsSeveralPasses() {
        var thrown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Heuristic.bald().scores(PREDICTED.slice(0, 0, 1), KEY));

        assertEquals(
                "Heuristic.bald: there is 1 pass, which cannot disagree; ask for 2 passes or more",
                thrown.getMessage());
    }
}
