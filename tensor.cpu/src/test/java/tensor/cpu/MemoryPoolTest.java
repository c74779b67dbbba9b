package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.spi.Operand;

class MemoryPoolTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void moreThanAnyMachineHasIsRefused() {
        MemoryPool pool = new MemoryPool(false, MEGABYTE);

        var error = assertThrows(OutOfMemoryError.class, () -> pool.take(Long.MAX_VALUE));

        assertEquals("Unable to allocate 9223372036854775807 bytes", error.getMessage());
        assertEquals(0, pool.usedBytes());
    }

    @Test
    void aTensorThatMemoryDoesNotHoldIsNamed() {
        Shape shape = Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE / 2);

        var error = assertThrows(OutOfMemoryError.class, () -> Tensor.zeros(shape));

        assertEquals(
                "[2147483647, 1073741823] float32: Unable to allocate 9223372023969873924 bytes",
                error.getMessage());
    }

    @Test
    void whatIsGivenBackIsTakenAgain() {
        MemoryPool pool = new MemoryPool(false, MEGABYTE);
        MemoryPool.Block first = pool.take(1000);
        MemoryPool.Block other = pool.take(1000);
        first.giveBack();

        MemoryPool.Block again = pool.take(990);

        assertSame(first, again);
        assertNotSame(other, again);
    }

    @Property
    void aBlockHoldsTheRequestAndItsSlackAndWastesAtMostAQuarter(
            @ForAll @LongRange(max = 1L << 45) long bytes) {
        long needed = bytes + MemoryPool.SLACK;

        long size = MemoryPool.classSize(MemoryPool.sizeClass(needed));

        assertTrue(size >= needed, () -> size + " for " + needed);
        assertTrue(size <= Math.max(256, needed + needed / 4), () -> size + " for " + needed);
        assertEquals(0, size % 64);
    }

    @Test
    void everyBlockIsAlignedToACacheLine() {
        MemoryPool pool = new MemoryPool(false, MEGABYTE);

        for (long bytes : new long[] {0, 1, 100, 1000, 5000, 70_000, 3 * MEGABYTE}) {
            MemoryPool.Block block = pool.take(bytes);
            assertEquals(0, block.segment().address() % 64);
            assertTrue(block.segment().byteSize() >= bytes + MemoryPool.SLACK);
        }
    }

    @Test
    void idleLargeBlocksGoBackToTheSystemOldestFirst() {
        MemoryPool pool = new MemoryPool(false, 3 * MEGABYTE);
        List<MemoryPool.Block> blocks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            blocks.add(pool.take(MEGABYTE - MemoryPool.SLACK));
        }

        blocks.forEach(MemoryPool.Block::giveBack);

        assertEquals(3 * MEGABYTE, pool.idleLargeBytes());
        assertEquals(0, pool.usedBytes());
        assertEquals(
                List.of(false, false, true, true, true),
                blocks.stream().map(block -> block.segment().scope().isAlive()).toList());
    }

    @Test
    void asMuchAsIsInUseMayBeIdle() {
        MemoryPool pool = new MemoryPool(false, 0);
        MemoryPool.Block used = pool.take(MEGABYTE);
        MemoryPool.Block idle = pool.take(MEGABYTE);

        idle.giveBack();

        assertTrue(idle.segment().scope().isAlive());
        assertTrue(pool.idleLargeBytes() > 0);
        used.giveBack();
        assertEquals(0, pool.idleLargeBytes());
    }

    @Test
    void aStorageThatIsReleasedTwiceGivesItsMemoryBackOnce() {
        CpuBackend backend = new CpuBackend(1, false);
        Operand x = Memory.of(backend, Shape.of(3), 1f, 2f, 3f);

        x.storage().release("first");
        x.storage().release("second");
        Operand a = Memory.empty(backend, DType.FLOAT32, Shape.of(3));
        Operand b = Memory.empty(backend, DType.FLOAT32, Shape.of(3));

        assertTrue(segment(a).address() != segment(b).address());
    }

    @Test
    void inDebugModeReturnedMemoryIsNaN() {
        MemoryPool pool = new MemoryPool(true, MEGABYTE);
        MemoryPool.Block block = pool.take(64);
        block.segment().fill((byte) 0);

        block.giveBack();

        assertEquals(Float.NaN, block.segment().get(ValueLayout.JAVA_FLOAT, 60));
        assertEquals(Double.NaN, block.segment().get(ValueLayout.JAVA_DOUBLE, 56));
    }

    @Test
    void noTwoThreadsHoldOneBlock() throws Exception {
        MemoryPool pool = new MemoryPool(false, MEGABYTE);
        List<Callable<Long>> tasks = new ArrayList<>();
        for (long id = 1; id <= 4; id++) {
            long mark = id;
            tasks.add(() -> foreignMarks(pool, mark));
        }

        long foreign = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Long> result : threads.invokeAll(tasks)) {
                foreign += result.get();
            }
        }

        assertEquals(0, foreign);
        assertEquals(0, pool.usedBytes());
    }

    /// Takes, marks and gives back blocks; counts those that somebody else has marked meanwhile.
    private static long foreignMarks(MemoryPool pool, long mark) {
        long foreign = 0;
        for (int i = 0; i < 20_000; i++) {
            MemoryPool.Block block = pool.take(i % 50 == 0 ? 100_000 : i % 7 * 100);
            MemorySegment segment = block.segment();
            segment.set(ValueLayout.JAVA_LONG, 0, mark);
            segment.set(ValueLayout.JAVA_LONG, segment.byteSize() - 8, mark);
            Thread.onSpinWait();
            if (segment.get(ValueLayout.JAVA_LONG, 0) != mark
                    || segment.get(ValueLayout.JAVA_LONG, segment.byteSize() - 8) != mark) {
                foreign++;
            }
            block.giveBack();
        }
        return foreign;
    }

    private static MemorySegment segment(Operand x) {
        return ((CpuStorage) x.storage()).segment();
    }
}
