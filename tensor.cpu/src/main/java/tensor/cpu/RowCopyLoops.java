package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [RowCopy].
final class RowCopyLoops implements RowCopy {
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

    @Override
    public void dense(
            MemorySegment from,
            long s,
            long sNext,
            MemorySegment to,
            long t,
            long tNext,
            int rows,
            long bytes) {
        MemorySegment source = Native.slice(from, 0);
        MemorySegment target = Native.slice(to, 0);
        long whole = bytes / BYTES * BYTES;
        VectorMask<Integer> rest = SPECIES.indexInRange(0, (bytes - whole) / Integer.BYTES);
        for (int r = 0; r < rows; r++) {
            long a = s + r * sNext;
            long b = t + r * tNext;
            for (long i = 0; i < whole; i += BYTES) {
                IntVector.fromMemorySegment(SPECIES, source, a + i, ORDER)
                        .intoMemorySegment(target, b + i, ORDER);
            }
            if (whole < bytes) {
                IntVector.fromMemorySegment(SPECIES, source, a + whole, ORDER)
                        .intoMemorySegment(target, b + whole, ORDER, rest);
            }
        }
    }

    @Override
    public void fromEverySecond(
            MemorySegment from,
            long s,
            long sNext,
            MemorySegment to,
            long t,
            long tNext,
            int rows,
            long bytes) {
        MemorySegment source = Native.slice(from, 0);
        MemorySegment target = Native.slice(to, 0);
        long whole = bytes / BYTES * BYTES;
        VectorMask<Integer> rest = SPECIES.indexInRange(0, (bytes - whole) / Integer.BYTES);
        for (int r = 0; r < rows; r++) {
            long a = s + r * sNext;
            long b = t + r * tNext;
            for (long i = 0; i < whole; i += BYTES) {
                evens(source, a + 2 * i).intoMemorySegment(target, b + i, ORDER);
            }
            if (whole < bytes) {
                evens(source, a + 2 * whole).intoMemorySegment(target, b + whole, ORDER, rest);
            }
        }
    }

    private static IntVector evens(MemorySegment source, long s) {
        IntVector low = IntVector.fromMemorySegment(SPECIES, source, s, ORDER);
        IntVector high = IntVector.fromMemorySegment(SPECIES, source, s + BYTES, ORDER);
        return low.rearrange(EVENS, high);
    }

    @Override
    public void toEverySecond(
            MemorySegment from,
            long s,
            long sNext,
            MemorySegment to,
            long t,
            long tNext,
            int rows,
            long bytes) {
        MemorySegment source = Native.slice(from, 0);
        MemorySegment target = Native.slice(to, 0);
        long whole = bytes / BYTES * BYTES;
        long lanes = 2 * (bytes - whole) / Integer.BYTES;
        VectorMask<Integer> low = EVEN.and(SPECIES.indexInRange(0, lanes));
        VectorMask<Integer> high =
                NEXT_EVEN.and(SPECIES.indexInRange(0, Math.max(0, lanes - LANES)));
        for (int r = 0; r < rows; r++) {
            long a = s + r * sNext;
            long b = t + r * tNext;
            for (long i = 0; i < whole; i += BYTES) {
                IntVector all = IntVector.fromMemorySegment(SPECIES, source, a + i, ORDER);
                all.rearrange(LOW).intoMemorySegment(target, b + 2 * i, ORDER, EVEN);
                all.rearrange(HIGH).intoMemorySegment(target, b + 2 * i + BYTES, ORDER, NEXT_EVEN);
            }
            if (whole < bytes) {
                IntVector all = IntVector.fromMemorySegment(SPECIES, source, a + whole, ORDER);
                all.rearrange(LOW).intoMemorySegment(target, b + 2 * whole, ORDER, low);
                all.rearrange(HIGH).intoMemorySegment(target, b + 2 * whole + BYTES, ORDER, high);
            }
        }
    }

    @Override
    public void load(
            MemorySegment from,
            long s,
            long sNext,
            int rows,
            boolean everySecond,
            MemorySegment to,
            long t,
            long bytes) {
        MemorySegment source = Native.slice(from, 0);
        MemorySegment target = Native.slice(to, t);
        if (everySecond) {
            for (int r = 0; r < rows; r++) {
                for (long i = 0; i < bytes; i += BYTES) {
                    evens(source, s + r * sNext + 2 * i)
                            .intoMemorySegment(target, r * bytes + i, ORDER);
                }
            }
        } else {
            for (int r = 0; r < rows; r++) {
                for (long i = 0; i < bytes; i += BYTES) {
                    IntVector.fromMemorySegment(SPECIES, source, s + r * sNext + i, ORDER)
                            .intoMemorySegment(target, r * bytes + i, ORDER);
                }
            }
        }
    }
}
