package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The innermost loop of the matrix product on float32: up to 12 rows by two vectors of columns, in 24 accumulators.
/// Template: the distance of two rows and of two `k` in the array of the left matrix; how many rows (1, 4, 6, 8 or 12) and
/// vectors (1 or 2) are computed. As constants, they let bounds be checked once for all `k`, addresses need one register,
/// and what is not computed is no code.
///
/// Each element is `fma(left, right, sum)` for `k` in order, starting from 0.
final class Float32Multiply implements Float32Tiles.Multiply {
    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final int ROW_STEP = (Integer) PARAMETERS.get(0);
    private static final int DEPTH_STEP = (Integer) PARAMETERS.get(1);
    private static final int ROWS = (Integer) PARAMETERS.get(2);
    private static final boolean TWO = (Integer) PARAMETERS.get(3) == 2;
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final long BYTES = SPECIES.vectorByteSize();

    @Override
    public void run(
            float[] left,
            int leftOffset,
            MemorySegment right,
            long rightOffset,
            long rightStep,
            int depth,
            float[] tile) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = c00;
        FloatVector c10 = FloatVector.zero(SPECIES);
        FloatVector c11 = c10;
        FloatVector c20 = FloatVector.zero(SPECIES);
        FloatVector c21 = c20;
        FloatVector c30 = FloatVector.zero(SPECIES);
        FloatVector c31 = c30;
        FloatVector c40 = FloatVector.zero(SPECIES);
        FloatVector c41 = c40;
        FloatVector c50 = FloatVector.zero(SPECIES);
        FloatVector c51 = c50;
        FloatVector c60 = FloatVector.zero(SPECIES);
        FloatVector c61 = c60;
        FloatVector c70 = FloatVector.zero(SPECIES);
        FloatVector c71 = c70;
        FloatVector c80 = FloatVector.zero(SPECIES);
        FloatVector c81 = c80;
        FloatVector c90 = FloatVector.zero(SPECIES);
        FloatVector c91 = c90;
        FloatVector c100 = FloatVector.zero(SPECIES);
        FloatVector c101 = c100;
        FloatVector c110 = FloatVector.zero(SPECIES);
        FloatVector c111 = c110;
        MemorySegment panel = Native.slice(right, 0);
        for (int p = 0; p < depth; p++) {
            long at = rightOffset + p * rightStep;
            int a = leftOffset + p * DEPTH_STEP;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, panel, at, ORDER);
            FloatVector b1 =
                    TWO ? FloatVector.fromMemorySegment(SPECIES, panel, at + BYTES, ORDER) : b0;
            FloatVector a0 = FloatVector.broadcast(SPECIES, left[a]);
            c00 = a0.fma(b0, c00);
            c01 = TWO ? a0.fma(b1, c01) : c01;
            if (ROWS > 1) {
                FloatVector a1 = FloatVector.broadcast(SPECIES, left[a + ROW_STEP]);
                c10 = a1.fma(b0, c10);
                c11 = TWO ? a1.fma(b1, c11) : c11;
                FloatVector a2 = FloatVector.broadcast(SPECIES, left[a + 2 * ROW_STEP]);
                c20 = a2.fma(b0, c20);
                c21 = TWO ? a2.fma(b1, c21) : c21;
                FloatVector a3 = FloatVector.broadcast(SPECIES, left[a + 3 * ROW_STEP]);
                c30 = a3.fma(b0, c30);
                c31 = TWO ? a3.fma(b1, c31) : c31;
            }
            if (ROWS > 4) {
                FloatVector a4 = FloatVector.broadcast(SPECIES, left[a + 4 * ROW_STEP]);
                c40 = a4.fma(b0, c40);
                c41 = TWO ? a4.fma(b1, c41) : c41;
                FloatVector a5 = FloatVector.broadcast(SPECIES, left[a + 5 * ROW_STEP]);
                c50 = a5.fma(b0, c50);
                c51 = TWO ? a5.fma(b1, c51) : c51;
            }
            if (ROWS > 6) {
                FloatVector a6 = FloatVector.broadcast(SPECIES, left[a + 6 * ROW_STEP]);
                c60 = a6.fma(b0, c60);
                c61 = TWO ? a6.fma(b1, c61) : c61;
                FloatVector a7 = FloatVector.broadcast(SPECIES, left[a + 7 * ROW_STEP]);
                c70 = a7.fma(b0, c70);
                c71 = TWO ? a7.fma(b1, c71) : c71;
            }
            if (ROWS > 8) {
                FloatVector a8 = FloatVector.broadcast(SPECIES, left[a + 8 * ROW_STEP]);
                c80 = a8.fma(b0, c80);
                c81 = TWO ? a8.fma(b1, c81) : c81;
                FloatVector a9 = FloatVector.broadcast(SPECIES, left[a + 9 * ROW_STEP]);
                c90 = a9.fma(b0, c90);
                c91 = TWO ? a9.fma(b1, c91) : c91;
                FloatVector a10 = FloatVector.broadcast(SPECIES, left[a + 10 * ROW_STEP]);
                c100 = a10.fma(b0, c100);
                c101 = TWO ? a10.fma(b1, c101) : c101;
                FloatVector a11 = FloatVector.broadcast(SPECIES, left[a + 11 * ROW_STEP]);
                c110 = a11.fma(b0, c110);
                c111 = TWO ? a11.fma(b1, c111) : c111;
            }
        }
        c00.intoArray(tile, 0 * LANES);
        c01.intoArray(tile, 1 * LANES);
        if (ROWS > 1) {
            c10.intoArray(tile, 2 * LANES);
            c11.intoArray(tile, 3 * LANES);
            c20.intoArray(tile, 4 * LANES);
            c21.intoArray(tile, 5 * LANES);
            c30.intoArray(tile, 6 * LANES);
            c31.intoArray(tile, 7 * LANES);
        }
        if (ROWS > 4) {
            c40.intoArray(tile, 8 * LANES);
            c41.intoArray(tile, 9 * LANES);
            c50.intoArray(tile, 10 * LANES);
            c51.intoArray(tile, 11 * LANES);
        }
        if (ROWS > 6) {
            c60.intoArray(tile, 12 * LANES);
            c61.intoArray(tile, 13 * LANES);
            c70.intoArray(tile, 14 * LANES);
            c71.intoArray(tile, 15 * LANES);
        }
        if (ROWS > 8) {
            c80.intoArray(tile, 16 * LANES);
            c81.intoArray(tile, 17 * LANES);
            c90.intoArray(tile, 18 * LANES);
            c91.intoArray(tile, 19 * LANES);
            c100.intoArray(tile, 20 * LANES);
            c101.intoArray(tile, 21 * LANES);
            c110.intoArray(tile, 22 * LANES);
            c111.intoArray(tile, 23 * LANES);
        }
    }
}
