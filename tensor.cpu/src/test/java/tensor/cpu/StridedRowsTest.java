package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.UnaryOp;

/// Rows with gaps: each distance of elements has a loop of its own.
class StridedRowsTest {
    private static final CpuBackend BACKEND = new CpuBackend(2, true);
    private static final int[] LENGTHS = {
        1, 2, 7, 8, 14, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200, 70_000
    };

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"UINT8", "FLOAT16", "INT32", "FLOAT32", "FLOAT64", "INT64"})
    void aCopyMovesTheElementsOfTheRowsAndNoOthers(DType dtype) {
        for (int length : LENGTHS) {
            int rows = length > 1000 ? 2 : 3;
            for (int from : new int[] {1, 2, 3}) {
                for (int to : new int[] {1, 2, 3}) {
                    copies(dtype, rows, length, from, to);
                }
            }
        }
    }

    private static void copies(DType dtype, int rows, int length, int from, int to) {
        Layout source = rows(rows, length, from);
        Layout target = rows(rows, length, to);
        byte[] x = counted(dtype, source);
        byte[] expected = counted(dtype, target);
        Arrays.fill(expected, (byte) 77);
        Operand out = Memory.of(BACKEND, dtype, expected);
        int size = dtype.byteSize();
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < length; i++) {
                int s = (int) (source.offset() + r * source.stride(0) + i * source.stride(1));
                int t = (int) (target.offset() + r * target.stride(0) + i * target.stride(1));
                System.arraycopy(x, s * size, expected, t * size, size);
            }
        }

        BACKEND.copy(Memory.view(Memory.of(BACKEND, dtype, x), source), Memory.view(out, target));

        byte[] moved = new byte[expected.length];
        BACKEND.download(out.storage(), MemorySegment.ofArray(moved));
        assertArrayEquals(
                expected,
                moved,
                "%s, %d rows of %d, steps %d and %d".formatted(dtype, rows, length, from, to));
    }

    /// Rows that do not touch, three elements from the start.
    private static Layout rows(int rows, int length, int step) {
        return Layout.of(Shape.of(rows, length), new long[] {(long) length * step + 5, step}, 3);
    }

    private static byte[] counted(DType dtype, Layout layout) {
        long end = 4 + layout.shape().size(0) * layout.stride(0);
        byte[] bytes = new byte[(int) end * dtype.byteSize()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    /// Every second column, every second row, columns in pairs, one number for each plane, and turned ones.
    @ParameterizedTest
    @CsvSource({"4, 3, 5, 7", "3, 2, 28, 28", "2, 5, 1, 40", "70, 3, 20, 20"})
    void anOperationOnRowsWithGapsIsThatOnTheirCopy(int n, int c, int high, int wide) {
        Shape shape = Shape.of(n, c, high, wide);
        Operand dense = counted(shape);
        for (Operand x :
                List.of(
                        sliced(counted(Shape.of(n, c, high, 2 * wide)), 3),
                        sliced(counted(Shape.of(n, c, 2 * high, wide)), 2),
                        sliced(sliced(counted(Shape.of(n, c, 2 * high, 2 * wide)), 2), 3),
                        expanded(counted(Shape.of(c, 1, 1)), shape),
                        expanded(counted(Shape.of(n, 1, high, 1)), shape),
                        turned(counted(Shape.of(n, c, wide, high))))) {
            Operand copy = Memory.empty(BACKEND, DType.FLOAT32, shape);
            BACKEND.copy(x, copy);

            Operand sum = Memory.empty(BACKEND, DType.FLOAT32, shape);
            Operand expected = Memory.empty(BACKEND, DType.FLOAT32, shape);
            BACKEND.binary(BinaryOp.SUB, dense, x, sum);
            BACKEND.binary(BinaryOp.SUB, dense, copy, expected);
            assertArrayEquals(Memory.floats(BACKEND, expected), Memory.floats(BACKEND, sum));

            BACKEND.unary(UnaryOp.NEG, x, sum);
            BACKEND.unary(UnaryOp.NEG, copy, expected);
            assertArrayEquals(Memory.floats(BACKEND, expected), Memory.floats(BACKEND, sum));

            Operand less = Memory.empty(BACKEND, DType.BOOL, shape);
            BACKEND.binary(BinaryOp.LESS, dense, copy, less);
            BACKEND.where(less, x, dense, sum);
            BACKEND.where(less, copy, dense, expected);
            assertArrayEquals(Memory.floats(BACKEND, expected), Memory.floats(BACKEND, sum));
        }
    }

    @Test
    void rowsWithGapsMayBeEmpty() {
        Operand x = Memory.empty(BACKEND, DType.FLOAT32, Shape.of(4, 6));
        Operand none = Memory.view(x, x.layout().slice(0, 0, 0, 1).slice(1, 0, 6, 2));
        Operand out = Memory.empty(BACKEND, DType.FLOAT32, none.shape());

        BACKEND.binary(BinaryOp.ADD, none, none, out);

        assertEquals(0, out.shape().elementCount());
    }

    private static Operand counted(Shape shape) {
        float[] values = new float[(int) shape.elementCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 7919 % 1009;
        }
        return Memory.of(BACKEND, shape, values);
    }

    private static Operand sliced(Operand x, int axis) {
        return Memory.view(x, x.layout().slice(axis, 1, x.shape().size(axis), 2));
    }

    private static Operand expanded(Operand x, Shape shape) {
        return Memory.view(x, x.layout().expand(shape));
    }

    private static Operand turned(Operand x) {
        return Memory.view(x, x.layout().permute(0, 1, 3, 2));
    }
}
