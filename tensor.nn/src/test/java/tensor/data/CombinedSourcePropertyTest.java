package tensor.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.CombinedSource.Mode;

class CombinedSourcePropertyTest {
    @Property(tries = 300)
    void openingAtAnyPositionGivesExactlyTheRestOfTheEpoch(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 12) Integer> counts,
            @ForAll @IntRange(max = 15) int unknown,
            @ForAll Mode mode,
            @ForAll @IntRange(max = 100) int cut,
            @ForAll @IntRange(max = 3) int epoch,
            @ForAll long seed) {
        BatchSource source = source(counts, unknown, mode, seed);
        List<List<Long>> whole = CombinedSourceTest.firsts(source, epoch, 0);
        int position = cut % (whole.size() + 1);

        List<List<Long>> resumed = CombinedSourceTest.firsts(source, epoch, position);

        assertEquals(whole.subList(position, whole.size()), resumed);
    }

    @Property(tries = 300)
    void aKnownLengthChangesNoBatch(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 12) Integer> counts,
            @ForAll @IntRange(max = 15) int unknown,
            @ForAll Mode mode,
            @ForAll @IntRange(max = 3) int epoch,
            @ForAll long seed) {
        BatchSource known = source(counts, 0, mode, seed);

        List<List<Long>> batches = CombinedSourceTest.firsts(known, epoch, 0);

        assertEquals(known.batchCount().orElseThrow(), batches.size());
        assertEquals(
                batches, CombinedSourceTest.firsts(source(counts, unknown, mode, seed), epoch, 0));
    }

    /// @param unknown a bit for each source that does not tell its length
    private static BatchSource source(List<Integer> counts, int unknown, Mode mode, long seed) {
        List<BatchSource> sources = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            RandomKey key = RandomKey.of(seed).fold(i);
            BatchSource loader =
                    DataLoader.of(
                            TensorDataset.of(Tensor.arange(counts.get(i))),
                            config -> config.shuffle(key));
            sources.add((unknown >> i & 1) == 1 ? new CombinedSourceTest.Unknown(loader) : loader);
        }
        return CombinedSource.of(mode, sources);
    }
}
