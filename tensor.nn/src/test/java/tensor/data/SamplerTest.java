package tensor.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;

class SamplerTest {
    @Test
    void aSequentialSamplerKeepsTheOrderInEveryEpoch() {
        Sampler sampler = Sampler.sequential(4);

        assertArrayEquals(new int[] {0, 1, 2, 3}, sampler.indices(0));
        assertArrayEquals(new int[] {0, 1, 2, 3}, sampler.indices(5));
    }

    @Test
    void aShuffledSamplerHasAPermutationOfItsOwnForEachEpoch() {
        Sampler sampler = Sampler.shuffled(50, RandomKey.of(3));

        int[] ofThird = sampler.indices(3);

        assertArrayEquals(ofThird, Sampler.shuffled(50, RandomKey.of(3)).indices(3));
        assertFalse(Arrays.equals(ofThird, sampler.indices(4)));
        assertArrayEquals(
                IntStream.range(0, 50).toArray(), Arrays.stream(ofThird).sorted().toArray());
    }

    @Test
    void chosenIndicesMayRepeatAndAreCopied() {
        int[] chosen = {2, 2, 0};
        Sampler sampler = Sampler.of(chosen);
        chosen[0] = 1;
        sampler.indices(0)[1] = 1;

        assertEquals(3, sampler.size());
        assertArrayEquals(new int[] {2, 2, 0}, sampler.indices(0));
    }

    @Test
    void streamsGoOnSideBySideAndWhatIsLeftIsLeftOut() {
        assertArrayEquals(new int[] {0, 3, 1, 4, 2, 5}, Sampler.streams(7, 2).indices(0));
        assertArrayEquals(new int[] {0, 1, 2}, Sampler.streams(3, 1).indices(5));
        assertEquals(0, Sampler.streams(2, 3).size());
        assertEquals(
                "Sampler.streams: streams is 0; use a number from 1",
                assertThrows(IllegalArgumentException.class, () -> Sampler.streams(7, 0))
                        .getMessage());
    }

    @Test
    void aNegativeSizeIsAnError() {
        assertEquals(
                "Sampler.shuffled: size is -1; use a number from 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Sampler.shuffled(-1, RandomKey.of(3)))
                        .getMessage());
    }
}
