package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Copies rows of elements of 4 bytes by vectors: dense ones, and ones of which every second element counts. Unless said
/// otherwise, it writes the row's elements alone; of the source it may read up to two vectors past the last one.
///
/// Offsets and sizes are in bytes.
final class RowCopy {
    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final int BYTES = SPECIES.vectorByteSize();

    private static final VectorShuffle<Integer> EVENS = VectorShuffle.makeUnzip(SPECIES, 0);
    private static final VectorShuffle<Integer> LOW = VectorShuffle.fromOp(SPECIES, i -> i / 2);
    private static final VectorShuffle<Integer> HIGH =
            VectorShuffle.fromOp(SPECIES, i -> (i + LANES) / 2);
    private static final VectorMask<Integer> EVEN =
            VectorMask.fromLong(SPECIES, 0x5555_5555_5555_5555L);

    /// The same in the vector that follows, which a single lane makes begin with an odd one.
    private static final VectorMask<Integer> NEXT_EVEN =
            VectorMask.fromLong(SPECIES, 0x5555_5555_5555_5555L >>> LANES);

    private RowCopy() {}

    /// Copies elements that lie without gaps on both sides.
    static void dense(MemorySegment from, long s, MemorySegment to, long t, long bytes) {
        MemorySegment source = from.asSlice(s);
        MemorySegment target = to.asSlice(t);
        long i = 0;
        for (; i <= bytes - BYTES; i += BYTES) {
            IntVector.fromMemorySegment(SPECIES, source, i, ORDER)
                    .intoMemorySegment(target, i, ORDER);
        }
        if (i < bytes) {
            IntVector.fromMemorySegment(SPECIES, source, i, ORDER)
                    .intoMemorySegment(target, i, ORDER, first(bytes - i));
        }
    }

    /// Copies every second element of the source to a dense target of so many bytes.
    static void fromEverySecond(MemorySegment from, long s, MemorySegment to, long t, long bytes) {
        MemorySegment source = from.asSlice(s);
        MemorySegment target = to.asSlice(t);
        long i = 0;
        for (; i <= bytes - BYTES; i += BYTES) {
            evens(source, 2 * i).intoMemorySegment(target, i, ORDER);
        }
        if (i < bytes) {
            evens(source, 2 * i).intoMemorySegment(target, i, ORDER, first(bytes - i));
        }
    }

    private static IntVector evens(MemorySegment source, long s) {
        IntVector low = IntVector.fromMemorySegment(SPECIES, source, s, ORDER);
        IntVector high = IntVector.fromMemorySegment(SPECIES, source, s + BYTES, ORDER);
        return low.rearrange(EVENS, high);
    }

    /// Copies so many bytes of a dense source to every second element of the target.
    static void toEverySecond(MemorySegment from, long s, MemorySegment to, long t, long bytes) {
        MemorySegment source = from.asSlice(s);
        MemorySegment target = to.asSlice(t);
        long i = 0;
        for (; i <= bytes - BYTES; i += BYTES) {
            IntVector all = IntVector.fromMemorySegment(SPECIES, source, i, ORDER);
            all.rearrange(LOW).intoMemorySegment(target, 2 * i, ORDER, EVEN);
            all.rearrange(HIGH).intoMemorySegment(target, 2 * i + BYTES, ORDER, NEXT_EVEN);
        }
        if (i < bytes) {
            IntVector all = IntVector.fromMemorySegment(SPECIES, source, i, ORDER);
            VectorMask<Integer> low = EVEN.and(first(2 * (bytes - i)));
            all.rearrange(LOW).intoMemorySegment(target, 2 * i, ORDER, low);
            VectorMask<Integer> high = NEXT_EVEN.and(first(2 * (bytes - i) - BYTES));
            all.rearrange(HIGH).intoMemorySegment(target, 2 * i + BYTES, ORDER, high);
        }
    }

    /// Copies rows that are `step` apart into one dense target, and writes up to a vector past the last one.
    ///
    /// @param bytes of a row in the target
    /// @param everySecond whether of the source every second element counts
    static void rows(
            MemorySegment from,
            long s,
            long step,
            int rows,
            boolean everySecond,
            MemorySegment to,
            long t,
            long bytes) {
        MemorySegment source = from.asSlice(0);
        MemorySegment target = to.asSlice(t);
        if (everySecond) {
            for (int r = 0; r < rows; r++) {
                for (long i = 0; i < bytes; i += BYTES) {
                    evens(source, s + r * step + 2 * i)
                            .intoMemorySegment(target, r * bytes + i, ORDER);
                }
            }
        } else {
            for (int r = 0; r < rows; r++) {
                for (long i = 0; i < bytes; i += BYTES) {
                    IntVector.fromMemorySegment(SPECIES, source, s + r * step + i, ORDER)
                            .intoMemorySegment(target, r * bytes + i, ORDER);
                }
            }
        }
    }

    /// The lanes of the first bytes.
    private static VectorMask<Integer> first(long bytes) {
        return SPECIES.indexInRange(0, Math.max(0, bytes) / Integer.BYTES);
    }
}
