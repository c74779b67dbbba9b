package tensor.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import tensor.api.RandomKey;

class SplitsPropertyTest {
    @Property(tries = 300)
    void foldsPartitionTheSamples(
            @ForAll @IntRange(min = 2, max = 200) int count,
            @ForAll @IntRange(min = 2, max = 200) int folds,
            @ForAll long seed) {
        int fitting = Math.min(folds, count);

        List<Split> splits = Splits.kFold(count, fitting, RandomKey.of(seed));

        assertPartition(splits, count);
        assertEven(splits.stream().mapToInt(it -> it.held().length).toArray());
        assertEquals(splits, Splits.kFold(count, fitting, RandomKey.of(seed)));
    }

    @Property(tries = 300)
    void stratifiedFoldsPartitionTheSamplesAndEachClass(
            @ForAll("labels") long[] labels, @ForAll long seed) {
        long[] classes = Arrays.stream(labels).distinct().toArray();
        int smallest =
                (int) Arrays.stream(classes).map(it -> countOf(labels, it)).min().orElseThrow();
        int folds = Math.max(2, smallest);
        if (smallest < 2) {
            return;
        }

        List<Split> splits = Splits.stratifiedKFold(labels, folds, RandomKey.of(seed));

        assertPartition(splits, labels.length);
        assertEven(splits.stream().mapToInt(it -> it.held().length).toArray());
        for (long label : classes) {
            assertEven(
                    splits.stream()
                            .mapToInt(it ->
                                    (int)
                                            Arrays.stream(it.held())
                                                    .filter(i -> labels[i] == label)
                                                    .count())
                            .toArray());
        }
    }

    @Property(tries = 300)
    void foldsOfGroupsPartitionTheSamplesAndPartNoGroup(
            @ForAll("labels") long[] groups, @ForAll long seed) {
        long[] names = Arrays.stream(groups).distinct().toArray();
        if (names.length < 2) {
            return;
        }

        List<Split> splits = Splits.groupKFold(groups, names.length, RandomKey.of(seed));

        assertPartition(splits, groups.length);
        for (Split split : splits) {
            assertEquals(
                    1, Arrays.stream(split.held()).mapToLong(i -> groups[i]).distinct().count());
            assertTrue(
                    Arrays.stream(split.train())
                            .noneMatch(i -> groups[i] == groups[split.held()[0]]));
        }
    }

    @Property(tries = 300)
    void foldsInTimeLearnFromAllBeforeAndNothingBehind(
            @ForAll @IntRange(min = 3, max = 200) int count,
            @ForAll @IntRange(min = 2, max = 199) int folds) {
        List<Split> splits = Splits.timeSeries(count, Math.min(folds, count - 1));

        int end = splits.getFirst().train().length;
        for (Split split : splits) {
            assertArrayEquals(IntStream.range(0, end).toArray(), split.train());
            assertEquals(splits.getFirst().held().length, split.held().length);
            int next = end + split.held().length;
            assertArrayEquals(IntStream.range(end, next).toArray(), split.held());
            end = next;
        }
        assertEquals(count, end);
    }

    @Property(tries = 300)
    void aStratifiedHeldOutPartHasTheExactSharesRoundedDownOrUp(
            @ForAll("labels") long[] labels,
            @ForAll @DoubleRange(min = 0.05, max = 0.95) double fraction,
            @ForAll long seed) {
        int wanted = (int) Math.round(labels.length * fraction);
        if (wanted == 0 || wanted == labels.length) {
            return;
        }

        Split split = Splits.stratifiedHoldOut(labels, fraction, RandomKey.of(seed));

        assertDisjoint(split, labels.length);
        assertEquals(wanted, split.held().length);
        for (long label : Arrays.stream(labels).distinct().toArray()) {
            double exact = (double) countOf(labels, label) * wanted / labels.length;
            long share = Arrays.stream(split.held()).filter(i -> labels[i] == label).count();
            assertTrue(Math.abs(share - exact) < 1, () -> share + " of exactly " + exact);
        }
    }

    @Provide
    Arbitrary<long[]> labels() {
        return Arbitraries.longs().between(-2, 3).array(long[].class).ofMinSize(4).ofMaxSize(120);
    }

    private static void assertPartition(List<Split> splits, int count) {
        int[] timesHeld = new int[count];
        for (Split split : splits) {
            assertDisjoint(split, count);
            for (int index : split.held()) {
                timesHeld[index]++;
            }
        }
        assertTrue(Arrays.stream(timesHeld).allMatch(it -> it == 1));
    }

    private static void assertDisjoint(Split split, int count) {
        int[] both =
                IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.held()))
                        .sorted()
                        .toArray();
        assertArrayEquals(IntStream.range(0, count).toArray(), both);
    }

    private static void assertEven(int[] sizes) {
        assertTrue(
                Arrays.stream(sizes).max().orElseThrow() - Arrays.stream(sizes).min().orElseThrow()
                        <= 1);
    }

    private static long countOf(long[] labels, long label) {
        return Arrays.stream(labels).filter(it -> it == label).count();
    }
}
