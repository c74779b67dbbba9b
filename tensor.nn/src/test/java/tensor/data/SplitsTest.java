package tensor.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.api.RandomKey;

class SplitsTest {
    private static final RandomKey KEY = RandomKey.of(7);

    @Test
    void theHeldPartsOfFoldsDifferInSizeByAtMostOne() {
        List<Split> splits = Splits.kFold(10, 3, KEY);

        assertEquals(List.of(4, 3, 3), splits.stream().map(it -> it.held().length).toList());
    }

    @Test
    void anotherKeyGivesOtherParts() {
        assertEquals(Splits.kFold(100, 5, KEY), Splits.kFold(100, 5, KEY));
        assertNotEquals(Splits.kFold(100, 5, KEY), Splits.kFold(100, 5, RandomKey.of(8)));
    }

    @Test
    void aHeldOutPartHasTheNearestNumberOfSamples() {
        Split split = Splits.holdOut(25, 0.1, KEY);

        assertEquals(3, split.held().length);
        assertEquals(22, split.train().length);
    }

    @Test
    void aStratifiedPartHasEveryClassInProportion() {
        long[] labels = new long[100];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < 50 ? 2 : i < 80 ? -1 : 9;
        }

        int[] held = Splits.stratifiedHoldOut(labels, 0.2, KEY).held();

        assertArrayEquals(
                new long[] {10, 6, 4},
                new long[] {
                    count(labels, held, 2), count(labels, held, -1), count(labels, held, 9)
                });
    }

    @Test
    void aGroupIsNeverOnBothSides() {
        long[] groups = {5, 5, 5, 5, 1, 1, 2, 7, 7, 9};

        List<Split> splits = Splits.groupKFold(groups, 3, KEY);

        assertEquals(List.of(4, 3, 3), splits.stream().map(it -> it.held().length).toList());
        assertArrayEquals(new int[] {0, 1, 2, 3}, splits.getFirst().held());
        assertEquals(splits, Splits.groupKFold(groups, 3, KEY));
    }

    @Test
    void aFoldInTimeLearnsFromAllThatCameBefore() {
        List<Split> splits = Splits.timeSeries(8, 3);

        assertArrayEquals(new int[] {0, 1}, splits.get(0).train());
        assertArrayEquals(new int[] {2, 3}, splits.get(0).held());
        assertArrayEquals(new int[] {0, 1, 2, 3}, splits.get(1).train());
        assertArrayEquals(new int[] {4, 5}, splits.get(1).held());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, splits.get(2).train());
        assertArrayEquals(new int[] {6, 7}, splits.get(2).held());
    }

    @Test
    void groupsAndTimesThatDoNotFitAreRefused() {
        assertMessage(
                "Splits.groupKFold: folds is 3 for 2 groups; use 2 to the number of groups",
                () -> Splits.groupKFold(new long[] {1, 1, 2, 2}, 3, KEY));
        assertMessage(
                "Splits.groupKFold: folds is 1 for 2 groups; use 2 to the number of groups",
                () -> Splits.groupKFold(new long[] {1, 1, 2, 2}, 1, KEY));
        assertMessage(
                "Splits.timeSeries: folds is 3 for 3 samples; use 2 to one less than the samples",
                () -> Splits.timeSeries(3, 3));
        assertMessage(
                "Splits.timeSeries: folds is 1 for 9 samples; use 2 to one less than the samples",
                () -> Splits.timeSeries(9, 1));
    }

    @Test
    void changingAReturnedArrayDoesNotChangeTheSplit() {
        Split split = Splits.holdOut(10, 0.5, KEY);
        split.held()[0] = 99;

        assertEquals(Splits.holdOut(10, 0.5, KEY), split);
        assertEquals("Split into 5 and 5", split.toString());
    }

    @Test
    void whatCannotBeSplitIsAnErrorWithTheNumbers() {
        assertMessage(
                "Splits.kFold: folds is 1 for 10 samples; use 2 to the number of samples",
                () -> Splits.kFold(10, 1, KEY));
        assertMessage(
                "Splits.kFold: folds is 11 for 10 samples; use 2 to the number of samples",
                () -> Splits.kFold(10, 11, KEY));
        assertMessage(
                "Splits.stratifiedKFold: folds is 0; use a number from 2",
                () -> Splits.stratifiedKFold(new long[] {1, 1}, 0, KEY));
        assertMessage(
                "Splits.stratifiedKFold: class 4 has 2 members for 3 folds; use at most 2",
                () -> Splits.stratifiedKFold(new long[] {1, 4, 1, 4, 1}, 3, KEY));
        assertMessage(
                "Splits.stratifiedKFold: class 4 has 1 member for 3 folds; give it at least 2, or use kFold",
                () -> Splits.stratifiedKFold(new long[] {1, 4, 1, 1}, 3, KEY));
        assertMessage(
                "Splits.holdOut: fraction is 1.0 of 10 samples; both parts need at least one sample",
                () -> Splits.holdOut(10, 1, KEY));
        assertMessage(
                "Splits.stratifiedHoldOut: fraction is 0.1 of 2 samples; both parts need at least one"
                        + " sample",
                () -> Splits.stratifiedHoldOut(new long[2], 0.1, KEY));
        assertMessage(
                "Splits.holdOut: fraction is NaN of 10 samples; both parts need at least one sample",
                () -> Splits.holdOut(10, Double.NaN, KEY));
    }

    private static void assertMessage(String expected, Executable faulty) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, faulty).getMessage());
    }

    private static long count(long[] labels, int[] indices, long label) {
        long count = 0;
        for (int index : indices) {
            count += labels[index] == label ? 1 : 0;
        }
        return count;
    }
}
