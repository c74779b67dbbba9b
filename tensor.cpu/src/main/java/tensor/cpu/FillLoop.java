package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/// Fills dense memory with one element. It may write up to [MemoryPool#SLACK] bytes past the last one.
final class FillLoop {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;

    /// The bytes of a vector.
    static final int BYTES = SPECIES.vectorByteSize();

    private FillLoop() {}

    /// Sets `count` elements.
    ///
    /// @param bits the element in the low bytes
    /// @param byteSize of an element: 1, 2, 4 or 8
    static void run(MemorySegment out, long outOffset, long bits, int byteSize, long count) {
        LongVector vector = vector(bits, byteSize);
        long bytes = count * byteSize;
        MemorySegment target = Native.slice(out, outOffset);
        for (long i = 0; i < bytes; i += BYTES) {
            vector.intoMemorySegment(target, i, ByteOrder.nativeOrder());
        }
    }

    /// Sets `count` elements, together [#BYTES] or more, and nothing behind them.
    ///
    /// @param bits the element in the low bytes
    /// @param byteSize of an element: 1, 2, 4 or 8
    static void exactly(MemorySegment out, long outOffset, long bits, int byteSize, long count) {
        LongVector vector = vector(bits, byteSize);
        long last = count * byteSize - BYTES;
        MemorySegment target = Native.slice(out, outOffset);
        for (long i = 0; i < last; i += BYTES) {
            vector.intoMemorySegment(target, i, ByteOrder.nativeOrder());
        }
        vector.intoMemorySegment(target, last, ByteOrder.nativeOrder());
    }

    private static LongVector vector(long bits, int byteSize) {
        long pattern =
                switch (byteSize) {
                    case 1 -> (bits & 0xFF) * 0x0101_0101_0101_0101L;
                    case 2 -> (bits & 0xFFFF) * 0x0001_0001_0001_0001L;
                    case 4 -> (bits & 0xFFFF_FFFFL) * 0x0000_0001_0000_0001L;
                    default -> bits;
                };
        return LongVector.broadcast(SPECIES, pattern);
    }
}
