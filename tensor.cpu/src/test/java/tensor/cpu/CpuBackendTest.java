package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.BinaryOp;
import tensor.spi.Operand;
import tensor.spi.ReduceOp;
import tensor.spi.SortOrder;
import tensor.spi.UnaryOp;

/// What conformance does not ask: views as results, large copies, messages, and that temporary memory comes back.
class CpuBackendTest {
    private static final CpuBackend BACKEND = new CpuBackend(2, true);

    @Test
    void aResultInAViewLeavesTheRestOfTheStorageAlone() {
        Operand x = Memory.of(BACKEND, Shape.of(2, 2), 1f, 2f, 3f, 4f);
        Operand out = Memory.of(BACKEND, Shape.of(9), 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
        Layout middle = Layout.of(Shape.of(2, 2), new long[] {2, 1}, 3);

        BACKEND.unary(UnaryOp.NEG, x, Memory.view(out, middle));
        BACKEND.binary(BinaryOp.ADD, x, x, Memory.view(out, middle));

        assertArrayEquals(new float[] {0, 0, 0, 2, 4, 6, 8, 0, 0}, Memory.floats(BACKEND, out));
    }

    @Test
    void aLargeTransposeMovesEveryElement() {
        int rows = 517;
        int columns = 301;
        long[] values = new long[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        Operand x = Memory.of(BACKEND, Shape.of(rows, columns), values);
        Operand out = Memory.empty(BACKEND, DType.INT64, Shape.of(columns, rows));

        BACKEND.copy(Memory.view(x, x.layout().permute(1, 0)), out);

        long[] moved = Memory.longs(BACKEND, out);
        for (int i = 0; i < moved.length; i++) {
            assertEquals((long) i % rows * columns + i / rows, moved[i]);
        }
    }

    @Test
    void aBroadcastRowOfAnyLengthMeetsItsColumns() {
        for (int columns : new int[] {1, 2, 3, 10, 31, 32, 64, 100, 511, 512, 513, 640, 1000}) {
            int rows = 1 + 70_000 / columns;
            float[] row = new float[columns];
            for (int i = 0; i < columns; i++) {
                row[i] = i;
            }
            Operand b = Memory.of(BACKEND, Shape.of(columns), row);
            Shape shape = Shape.of(rows, columns);
            Operand a = Memory.empty(BACKEND, DType.FLOAT32, shape);
            BACKEND.fill(a, DType.FLOAT32.bits(0.5));
            Operand out = Memory.empty(BACKEND, DType.FLOAT32, shape);

            BACKEND.binary(BinaryOp.ADD, a, Memory.view(b, b.layout().expand(shape)), out);

            float[] sums = Memory.floats(BACKEND, out);
            for (int i = 0; i < sums.length; i++) {
                assertEquals(i % columns + 0.5f, sums[i], "columns " + columns);
            }
        }
    }

    @Test
    void operationsThatADTypeDoesNotHaveAreRefused() {
        Operand bools = Memory.empty(BACKEND, DType.BOOL, Shape.of(2));
        Operand integers = Memory.empty(BACKEND, DType.INT64, Shape.of(2));

        var add =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> BACKEND.binary(BinaryOp.ADD, bools, bools, bools));
        var exp =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> BACKEND.unary(UnaryOp.EXP, integers, integers));
        Operand index = Memory.of(BACKEND, Shape.of(2), 0L, 1L);
        var scatter =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> BACKEND.scatterAdd(index, bools, 0, bools));

        assertEquals("add: not defined on bool; cast first", add.getMessage());
        assertEquals("exp: not defined on int64; cast first", exp.getMessage());
        assertEquals("scatterAdd: not defined on bool; cast first", scatter.getMessage());
    }

    @Test
    void typesForStorageAndNarrowIntegersAreRefusedWhereTheyAreNotDefined() {
        Operand halves = Memory.empty(BACKEND, DType.FLOAT16, Shape.of(2));
        Operand ints = Memory.empty(BACKEND, DType.INT32, Shape.of(2));
        Operand positions = Memory.empty(BACKEND, DType.INT64, Shape.of(2));

        refused(
                "add: not defined on float16",
                () -> BACKEND.binary(BinaryOp.ADD, halves, halves, halves));
        refused(
                "sum: not defined on int32",
                () -> BACKEND.reduce(ReduceOp.SUM, ints, new int[] {0}, ints));
        refused(
                "max: not defined on float16",
                () -> BACKEND.reduce(ReduceOp.MAX, halves, new int[] {0}, halves));
        refused("cumSum: not defined on int32", () -> BACKEND.cumSum(ints, 0, ints));
        refused(
                "sort: not defined on float16",
                () -> BACKEND.argSort(SortOrder.ASCENDING, halves, 0, positions));
    }

    private static void refused(String message, Executable body) {
        var error = assertThrows(IllegalArgumentException.class, body);
        assertEquals(message + "; cast first", error.getMessage());
    }

    @Test
    void temporaryMemoryComesBackAlsoWhenAnOperationFails() {
        Operand x = Memory.of(BACKEND, Shape.of(2, 2), 1L, 2L, 3L, 0L);
        Operand transposed = Memory.view(x, x.layout().permute(1, 0));
        Operand out = Memory.empty(BACKEND, DType.INT64, Shape.of(2, 2));
        Operand truth = Memory.empty(BACKEND, DType.BOOL, Shape.of(2, 2));
        long before = BACKEND.pool().usedBytes();

        assertThrows(
                ArithmeticException.class,
                () -> BACKEND.binary(BinaryOp.DIV, transposed, transposed, out));
        BACKEND.cast(transposed, truth);
        BACKEND.cast(truth, out);
        BACKEND.fill(Memory.view(out, out.layout().slice(0, 0, 1, 1)), 7);

        assertEquals(before, BACKEND.pool().usedBytes());
        assertArrayEquals(new long[] {7, 7, 1, 0}, Memory.longs(BACKEND, out));
    }
}
