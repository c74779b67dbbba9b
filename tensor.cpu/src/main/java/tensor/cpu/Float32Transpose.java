package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Transposes square blocks of float32, as long and wide as a vector.
///
/// A round exchanges one bit of the line's number with the same bit of the lane's: of two lines whose numbers differ in it alone, the
/// upper half of the first goes to the lower half of the second, and back. After as many rounds as the numbers have bits, lines are
/// columns. Two rounds are done at a time, on four lines.
/// **Threads.** One at a time.
final class Float32Transpose implements Panels.Transpose {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Float> SWAP_1 =
            VectorShuffle.fromOp(SPECIES, i -> swap(i, 1));
    private static final VectorShuffle<Float> SWAP_2 =
            VectorShuffle.fromOp(SPECIES, i -> swap(i, 2));
    private static final VectorShuffle<Float> SWAP_4 =
            VectorShuffle.fromOp(SPECIES, i -> swap(i, 4));
    private static final VectorShuffle<Float> SWAP_8 =
            VectorShuffle.fromOp(SPECIES, i -> swap(i, 8));
    private static final VectorMask<Float> UPPER_1 = VectorMask.fromLong(SPECIES, upper(1));
    private static final VectorMask<Float> UPPER_2 = VectorMask.fromLong(SPECIES, upper(2));
    private static final VectorMask<Float> UPPER_4 = VectorMask.fromLong(SPECIES, upper(4));
    private static final VectorMask<Float> UPPER_8 = VectorMask.fromLong(SPECIES, upper(8));

    private final float[] block = new float[LANES * LANES];

    /// {@return the lane whose number differs in one bit}
    private static int swap(int lane, int bit) {
        return (lane ^ bit) % LANES;
    }

    /// {@return the lanes whose numbers have a bit}
    private static long upper(int bit) {
        long lanes = 0;
        for (int i = 0; i < LANES; i++) {
            if ((i & bit) != 0) {
                lanes |= 1L << i;
            }
        }
        return lanes;
    }

    @Override
    public void run(
            MemorySegment from, long[] lines, MemorySegment to, long at, long step, int count) {
        load(from, lines);
        for (int bit = LANES / 2; bit >= 16; bit /= 2) {
            two(block, bit);
        }
        if (LANES >= 16) {
            four(block, 4);
        } else if (LANES == 8) {
            two(block, 4);
        }
        if (LANES >= 4) {
            four(block, 1);
        } else {
            two(block, 1);
        }
        store(to, at, step, count);
    }

    private void load(MemorySegment from, long[] lines) {
        MemorySegment source = Native.slice(from, 0);
        for (int i = 0; i < LANES; i++) {
            FloatVector.fromMemorySegment(SPECIES, source, lines[i], ORDER)
                    .intoArray(block, i * LANES);
        }
    }

    private void store(MemorySegment to, long at, long step, int count) {
        MemorySegment target = Native.slice(to, 0);
        for (int i = 0; i < count; i++) {
            FloatVector.fromArray(SPECIES, block, i * LANES)
                    .intoMemorySegment(target, at + i * step, ORDER);
        }
    }

    /// Two rounds.
    ///
    /// @param low the lower one of the bits, 1 or 4; the other one is twice that
    private static void four(float[] block, int low) {
        VectorShuffle<Float> swapHigh = low == 1 ? SWAP_2 : SWAP_8;
        VectorShuffle<Float> swapLow = low == 1 ? SWAP_1 : SWAP_4;
        VectorMask<Float> high = low == 1 ? UPPER_2 : UPPER_8;
        VectorMask<Float> upper = low == 1 ? UPPER_1 : UPPER_4;
        for (int i = 0; i < LANES / 4; i++) {
            int first = (i / low * 4 * low + i % low) * LANES;
            int second = first + low * LANES;
            int third = second + low * LANES;
            int fourth = third + low * LANES;
            FloatVector a = FloatVector.fromArray(SPECIES, block, first);
            FloatVector b = FloatVector.fromArray(SPECIES, block, second);
            FloatVector c = FloatVector.fromArray(SPECIES, block, third);
            FloatVector d = FloatVector.fromArray(SPECIES, block, fourth);
            FloatVector ac = a.blend(c.rearrange(swapHigh), high);
            FloatVector ca = a.rearrange(swapHigh).blend(c, high);
            FloatVector bd = b.blend(d.rearrange(swapHigh), high);
            FloatVector db = b.rearrange(swapHigh).blend(d, high);
            ac.blend(bd.rearrange(swapLow), upper).intoArray(block, first);
            ac.rearrange(swapLow).blend(bd, upper).intoArray(block, second);
            ca.blend(db.rearrange(swapLow), upper).intoArray(block, third);
            ca.rearrange(swapLow).blend(db, upper).intoArray(block, fourth);
        }
    }

    /// One round.
    private static void two(float[] block, int bit) {
        VectorShuffle<Float> swap =
                switch (bit) {
                    case 1 -> SWAP_1;
                    case 4 -> SWAP_4;
                    default -> VectorShuffle.fromOp(SPECIES, i -> swap(i, bit));
                };
        VectorMask<Float> upper =
                switch (bit) {
                    case 1 -> UPPER_1;
                    case 4 -> UPPER_4;
                    default -> VectorMask.fromLong(SPECIES, upper(bit));
                };
        for (int i = 0; i < LANES / 2; i++) {
            int first = (i / bit * 2 * bit + i % bit) * LANES;
            int second = first + bit * LANES;
            FloatVector a = FloatVector.fromArray(SPECIES, block, first);
            FloatVector b = FloatVector.fromArray(SPECIES, block, second);
            a.blend(b.rearrange(swap), upper).intoArray(block, first);
            a.rearrange(swap).blend(b, upper).intoArray(block, second);
        }
    }

    @Override
    public Panels.Transpose another() {
        return new Float32Transpose();
    }
}
