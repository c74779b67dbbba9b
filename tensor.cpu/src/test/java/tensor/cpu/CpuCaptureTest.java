package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Capture;
import tensor.spi.Operand;
import tensor.spi.ReduceOp;
import tensor.spi.Storage;
import tensor.spi.UnaryOp;

/// What conformance does not ask of captures: loops of many pieces, again and again, and where memory goes.
class CpuCaptureTest {
    private static final int SIDE = 384;
    private static final Shape SQUARE = Shape.of(SIDE, SIDE);

    private final CpuBackend backend = new CpuBackend(4, false);

    /// A product, a function of each element and two sums of all of them, in pieces for all threads.
    private void work(Operand x, Operand out) {
        Operand product = Memory.empty(backend, DType.FLOAT32, SQUARE);
        Operand turned = Memory.view(x, x.layout().permute(1, 0));
        backend.matMul(x, turned, product);
        backend.unary(UnaryOp.TANH, product, product);
        backend.reduce(ReduceOp.SUM, product, new int[] {0, 1}, out);
        product.storage().release("the test");
    }

    private static float[] numbers(int run) {
        float[] numbers = new float[SIDE * SIDE];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) Math.sin(i * 0.01 + run);
        }
        return numbers;
    }

    @Test
    void loopsOfManyPiecesGiveTheSameBitsEachTime() {
        Operand x = Memory.of(backend, SQUARE, numbers(0));
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(1, 1));
        List<Storage> given = List.of(x.storage(), out.storage());
        try (Capture capture = backend.capture(given, () -> work(x, out)).orElseThrow()) {
            for (int run = 1; run <= 40; run++) {
                MemorySegment next = MemorySegment.ofArray(numbers(run));
                backend.upload(next, x.storage());
                capture.replay();
                long again = Memory.digest(backend, out);
                work(x, out);

                assertEquals(Memory.digest(backend, out), again, "run " + run);
            }
        }
    }

    @Test
    void memoryComesBackWhenACaptureIsClosed() {
        Operand x = Memory.of(backend, SQUARE, numbers(0));
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(1, 1));
        long before = backend.pool().usedBytes();
        List<Storage> given = List.of(x.storage(), out.storage());

        Capture capture = backend.capture(given, () -> work(x, out)).orElseThrow();
        capture.close();
        capture.close();

        assertEquals(before, backend.pool().usedBytes());
        var error = assertThrows(IllegalStateException.class, capture::replay);
        assertEquals("capture: it is closed; make another one", error.getMessage());
    }

    @Test
    void aBodyThatThrowsGivesItsMemoryBack() {
        Operand index = Memory.of(backend, Shape.of(2), 0L, 7L);
        Operand x = Memory.of(backend, Shape.of(3), 1f, 2f, 3f);
        Operand out = Memory.empty(backend, DType.FLOAT32, Shape.of(2));
        long before = backend.pool().usedBytes();
        List<Storage> given = List.of(index.storage(), x.storage(), out.storage());

        assertThrows(
                IndexOutOfBoundsException.class,
                () -> backend.capture(given, () -> backend.gather(x, index, 0, out)));

        assertEquals(before, backend.pool().usedBytes());
        backend.copy(Memory.view(x, Layout.of(Shape.of(2), new long[] {1}, 0)), out); // as before
    }
}
