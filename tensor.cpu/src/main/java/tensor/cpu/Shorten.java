package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Cuts numbers to fewer significant bits, of which the last is set if anything was cut off, so that a second rounding
/// gives what one rounding of the number itself would.
final class Shorten {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    private Shorten() {}

    /// Float64 to 14 significant bits, which float32 holds.
    static void doubles(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int n) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < n; i += LANES) {
            LongVector bits = LongVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            cut(bits, (1L << 39) - 1).intoMemorySegment(target, 8L * i, ORDER);
        }
    }

    /// Int64 of more than 53 bits to multiples of 2¹¹, which float64 holds.
    static void longs(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int n) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < n; i += LANES) {
            LongVector v = LongVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            LongVector upper = v.lanewise(VectorOperators.ASHR, 53);
            VectorMask<Long> exact = upper.add(1).compare(VectorOperators.ULT, 2);
            cut(v, (1L << 11) - 1).blend(v, exact).intoMemorySegment(target, 8L * i, ORDER);
        }
    }

    private static LongVector cut(LongVector bits, long below) {
        return bits.or(bits.and(below).add(below)).and(~below);
    }
}
