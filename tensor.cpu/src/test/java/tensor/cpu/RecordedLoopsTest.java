package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.Capture;
import tensor.spi.Operand;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;

class RecordedLoopsTest {
    private static final String CHANGES =
            "capture: what is computed changes from one time to the next, in call 1 of 1: ";

    private final CpuBackend backend = new CpuBackend(4, true);
    private final AtomicInteger times = new AtomicInteger();

    @Test
    void loopsOfManyPiecesAreDoneAgainByManyThreads() {
        int count = 5 * (1 << 16) + 77;
        float[] values = new float[count];
        Operand x = Memory.of(backend, Shape.of(count), values);
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(count));
        try (Capture capture = captured(() -> doubledAndSquared(x, out), x, out)) {
            for (int i = 1; i <= 100; i++) {
                Arrays.fill(values, i);
                backend.upload(MemorySegment.ofArray(values), x.storage());
                Arrays.fill(values, 4f * i * i);

                capture.replay();

                assertArrayEquals(values, Memory.floats(backend, out), "replay " + i);
            }
        }
    }

    @Test
    void afterALoopThatFailedItIsDoneAgain() {
        int count = 100_000;
        long[] positions = new long[count];
        Operand x = Memory.of(backend, Shape.of(2), 5f, 7f);
        Operand index = Memory.of(backend, Shape.of(count), positions);
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(count));
        try (Capture capture = captured(() -> backend.gather(x, index, 0, out), x, index, out)) {
            for (int i = 0; i < 20; i++) {
                positions[i * 5000] = 2;
                backend.upload(MemorySegment.ofArray(positions), index.storage());
                assertThrows(IndexOutOfBoundsException.class, capture::replay);
                positions[i * 5000] = 1;
                backend.upload(MemorySegment.ofArray(positions), index.storage());

                capture.replay();

                assertEquals(7, Memory.floats(backend, out)[i * 5000]);
            }
        }
    }

    @Test
    void whatIsGivenBackLateIsNotOverwritten() {
        List<Operand> made = new ArrayList<>();
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(4));
        Runnable body =
                () -> {
                    Operand x = Memory.empty(backend, DType.FLOAT32, Shape.of(4));
                    made.add(x);
                    backend.fill(x, Float.floatToIntBits(3));
                    backend.copy(x, out);
                };
        try (Capture capture = captured(body, out)) {
            capture.replay();
            Operand last = made.getLast();

            last.storage().release("the cleaner, while loops are done again");

            MemorySegment memory = ((CpuStorage) last.storage()).segment();
            assertEquals(3, Float.intBitsToFloat((int) Dense.element(memory, 0, Float.BYTES)));
        }
    }

    @Test
    void allMemoryIsThereForOthersWhenItIsClosed() {
        Operand x = Memory.of(backend, Shape.of(3), 1f, 2f, 3f);
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(3));
        long before = backend.pool().usedBytes();

        Capture capture = captured(() -> doubledAndSquared(x, out), x, out);
        assertTrue(backend.pool().usedBytes() > before);
        capture.close();
        capture.close();

        assertEquals(before, backend.pool().usedBytes());
    }

    @Test
    void twoThreadsRecordAtOnce() throws Exception {
        var bothRecord = new CyclicBarrier(2);
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Future<Float>> all =
                    Stream.of(2f, 3f)
                            .map(v -> threads.submit(() -> recorded(bothRecord, v)))
                            .toList();

            assertEquals(16, all.get(0).get());
            assertEquals(36, all.get(1).get());
        }
    }

    private float recorded(CyclicBarrier bothRecord, float value) throws Exception {
        Operand x = Memory.of(backend, Shape.of(1), 1f);
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(1));
        Runnable body =
                () -> {
                    await(bothRecord);
                    doubledAndSquared(x, out);
                    await(bothRecord);
                };
        try (Capture capture = captured(body, x, out)) {
            backend.fill(x, Float.floatToIntBits(value));
            capture.replay();
            return Memory.floats(backend, out)[0];
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void recordsDoNotNest() {
        Operand x = Memory.of(backend, Shape.of(1), 1f);

        var error =
                assertThrows(
                        IllegalStateException.class,
                        () -> captured(() -> captured(() -> {}, x).close(), x));

        assertEquals(
                "capture: this thread is capturing already; captures do not nest",
                error.getMessage());
    }

    @Test
    void anAxisThatChangesIsRefused() {
        Shape square = Shape.of(2, 2);
        Operand x = Memory.of(backend, square, 1f, 2f, 3f, 4f);
        Operand index = Memory.of(backend, square, 0L, 1L, 1L, 0L);
        Operand floats = Memory.empty(backend, DType.FLOAT32, square);
        Operand row = Memory.empty(backend, DType.FLOAT32, Shape.of(2));
        Operand longs = Memory.empty(backend, DType.INT64, square);

        refused(() -> backend.reduce(ReduceOp.SUM, x, new int[] {axis()}, row), x, row);
        refused(() -> backend.cumSum(x, axis(), floats), x, floats);
        refused(() -> backend.argSort(SortOrder.ASCENDING, x, axis(), longs), x, longs);
        refused(() -> backend.gather(x, index, axis(), floats), x, index, floats);
        refused(() -> backend.scatterAdd(index, x, axis(), floats), x, index, floats);
    }

    private int axis() {
        return times.getAndIncrement() % 2;
    }

    @Test
    void anotherTensorTheSecondTimeIsRefused() {
        Operand one = Memory.of(backend, Shape.of(1), 1f);
        Operand two = Memory.of(backend, Shape.of(1), 2f);
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(1));

        refused(() -> backend.copy(axis() == 0 ? one : two, out), one, two, out);
    }

    @Test
    void aNumberThatFillsAPartIsCompared() {
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(4));
        Operand half = Memory.view(out, Layout.of(Shape.of(2), new long[] {2}, 0));

        String said =
                String.valueOf(
                        assertThrows(
                                        IllegalStateException.class,
                                        () -> captured(() -> backend.fill(half, axis()), out))
                                .getMessage());

        assertTrue(said.contains("call 1 of 2: '0 of tensors [1]"), said);
    }

    private void refused(Runnable body, Operand... given) {
        var error = assertThrows(IllegalStateException.class, () -> captured(body, given));
        assertTrue(String.valueOf(error.getMessage()).startsWith(CHANGES), error.getMessage());
    }

    private void doubledAndSquared(Operand x, Operand out) {
        Operand twice = Memory.empty(backend, DType.FLOAT32, x.shape());
        backend.binary(BinaryOp.ADD, x, x, twice);
        backend.binary(BinaryOp.MUL, twice, twice, out);
        twice.storage().release("test");
    }

    private Capture captured(Runnable body, Operand... given) {
        return backend.capture(Stream.of(given).map(Operand::storage).toList(), body).orElseThrow();
    }
}
