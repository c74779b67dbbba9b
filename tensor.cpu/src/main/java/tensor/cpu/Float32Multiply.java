package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The innermost loop of the matrix product on float32: 8 rows by two vectors of columns, in 16 accumulators.
/// Template: the distance between neighbours along `k` in the array of `a`, and in bytes in the segment of `b` or 0 if
/// that is an argument; as constants, they let bounds be checked once for all `k`.
///
/// Each element is `fma(a, b, sum)` for `k` in order, starting from 0.
final class Float32Multiply implements Float32Tiles.Multiply {
    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final int DEPTH_STEP = (Integer) PARAMETERS.get(0);
    private static final int ROW_BYTES = (Integer) PARAMETERS.get(1);
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final long BYTES = SPECIES.vectorByteSize();

    @Override
    public void run(
            float[] a,
            int aOffset,
            int rowStep,
            int rows,
            MemorySegment b,
            long bOffset,
            long bStep,
            int depth,
            float[] tile) {
        // behind the last row, it is computed again
        int r0 = aOffset;
        int r1 = aOffset + Math.min(1, rows - 1) * rowStep;
        int r2 = aOffset + Math.min(2, rows - 1) * rowStep;
        int r3 = aOffset + Math.min(3, rows - 1) * rowStep;
        int r4 = aOffset + Math.min(4, rows - 1) * rowStep;
        int r5 = aOffset + Math.min(5, rows - 1) * rowStep;
        int r6 = aOffset + Math.min(6, rows - 1) * rowStep;
        int r7 = aOffset + Math.min(7, rows - 1) * rowStep;
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
        long step = ROW_BYTES > 0 ? ROW_BYTES : bStep;
        for (int p = 0; p < depth; p++) {
            long at = bOffset + p * step;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, at, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, at + BYTES, ORDER);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[r0 + p * DEPTH_STEP]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[r1 + p * DEPTH_STEP]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[r2 + p * DEPTH_STEP]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[r3 + p * DEPTH_STEP]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[r4 + p * DEPTH_STEP]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[r5 + p * DEPTH_STEP]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[r6 + p * DEPTH_STEP]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[r7 + p * DEPTH_STEP]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
        }
        c00.intoArray(tile, 0 * LANES);
        c01.intoArray(tile, 1 * LANES);
        c10.intoArray(tile, 2 * LANES);
        c11.intoArray(tile, 3 * LANES);
        c20.intoArray(tile, 4 * LANES);
        c21.intoArray(tile, 5 * LANES);
        c30.intoArray(tile, 6 * LANES);
        c31.intoArray(tile, 7 * LANES);
        c40.intoArray(tile, 8 * LANES);
        c41.intoArray(tile, 9 * LANES);
        c50.intoArray(tile, 10 * LANES);
        c51.intoArray(tile, 11 * LANES);
        c60.intoArray(tile, 12 * LANES);
        c61.intoArray(tile, 13 * LANES);
        c70.intoArray(tile, 14 * LANES);
        c71.intoArray(tile, 15 * LANES);
    }
}
