package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// Transposes: each element comes to its place, and nothing else changes.
class PlaneCopyTest {
    private static final CpuBackend BACKEND = new CpuBackend(2, true);
    private static final int[] SIZES = {2, 7, 8, 15, 16, 17, 31, 33, 64, 70, 130};

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"UINT8", "FLOAT16", "INT32", "FLOAT32", "FLOAT64", "INT64"})
    void eachElementComesToItsPlace(DType dtype) {
        for (int rows : SIZES) {
            for (int columns : SIZES) {
                check(dtype, 1, rows, columns);
            }
        }
        check(dtype, 3, 20, 33);
        check(dtype, 2, 600, 150);
    }

    /// The source is `[planes, columns, rows]` within a larger tensor, the target `[planes, rows, columns]` likewise.
    private static void check(DType dtype, int planes, int rows, int columns) {
        Layout from = within(planes, columns, rows);
        Layout to = within(planes, rows, columns);
        byte[] x = new byte[(int) (planes * (columns + 2L) * (rows + 3L)) * dtype.byteSize()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (byte) (i * 31 + i / 255);
        }
        byte[] expected =
                new byte[(int) (planes * (rows + 2L) * (columns + 3L)) * dtype.byteSize()];
        Arrays.fill(expected, (byte) 77);
        Operand out = Memory.of(BACKEND, dtype, expected);
        Layout turned = from.permute(0, 2, 1);
        for (int plane = 0; plane < planes; plane++) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    int size = dtype.byteSize();
                    int s = (int) turned.place(plane, r, c) * size;
                    System.arraycopy(x, s, expected, (int) to.place(plane, r, c) * size, size);
                }
            }
        }

        BACKEND.copy(Memory.view(Memory.of(BACKEND, dtype, x), turned), Memory.view(out, to));

        byte[] moved = new byte[expected.length];
        BACKEND.download(out.storage(), MemorySegment.ofArray(moved));
        assertArrayEquals(expected, moved, () -> "%s %d x %d".formatted(dtype, rows, columns));
    }

    /// `[planes, rows, columns]` with a row before and behind each plane, and elements around each row.
    private static Layout within(int planes, int rows, int columns) {
        return Layout.contiguous(Shape.of(planes, rows + 2, columns + 3))
                .slice(1, 1, rows + 1L, 1)
                .slice(2, 1, columns + 1L, 1);
    }
}
