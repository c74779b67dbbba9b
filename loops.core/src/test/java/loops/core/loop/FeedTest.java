package loops.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import loops.core.Slope;
import org.junit.jupiter.api.Test;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;

class FeedTest {
    private final List<String> opened = new ArrayList<>();

    /// A source of three batches.
    private BatchSource source(boolean counts) {
        var all = Slope.points(3, 1);
        return new BatchSource() {
            @Override
            public OptionalInt batchCount() {
                return counts ? all.batchCount() : OptionalInt.empty();
            }

            @Override
            public BatchCursor open(long epoch, long position) {
                opened.add(epoch + " " + position);
                return all.open(epoch, position);
            }
        };
    }

    @Test
    void theEndIsKnownWithTheLastBatchWhetherOrNotTheSourceCounts() {
        for (boolean counts : List.of(true, false)) {
            var source = source(counts);
            try (var feed = new Feed(source, 0, source.batchCount())) {
                for (int i = 0; i < 3; i++) {
                    assertTrue(feed.has(i));
                    assertEquals(1, feed.at(i).size());
                    assertEquals(i == 2, feed.endsWith(i));
                }
                assertFalse(feed.has(3));
            }
        }
        assertEquals(List.of("0 0", "0 0"), opened);
    }

    @Test
    void aLimitEndsTheEpochAndNotTheSource() {
        for (boolean counts : List.of(true, false)) {
            try (var feed = new Feed(source(counts), 0, OptionalInt.of(2))) {
                assertTrue(feed.has(1));
                assertFalse(feed.has(2));
                assertFalse(feed.endsWith(1));
            }
        }
    }

    @Test
    void theCurrentBatchMayBeAskedForTwice() {
        try (var feed = new Feed(source(false), 0, OptionalInt.empty())) {
            var batch = feed.at(0);

            assertFalse(feed.endsWith(0));
            assertSame(batch, feed.at(0));
        }
        assertEquals(List.of("0 0"), opened);
    }

    @Test
    void itBeginsWhereItIsFirstAsked() {
        try (var feed = new Feed(source(true), 4, OptionalInt.of(3))) {
            feed.at(1);
            feed.at(2);
        }
        assertEquals(List.of("4 1"), opened);
    }
}
