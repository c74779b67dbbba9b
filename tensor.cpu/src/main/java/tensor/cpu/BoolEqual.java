package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `out = (a == b)` on bool, eight elements at a time.
final class BoolEqual implements BinaryKernel {
    private static final ValueLayout.OfLong EIGHT = ValueLayout.JAVA_LONG_UNALIGNED;

    @Override
    public void run(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count) {
        for (int i = 0; i < count; i += 8) {
            long differ = a.get(EIGHT, aOffset + i) ^ b.get(EIGHT, bOffset + i);
            out.set(EIGHT, outOffset + i, differ ^ 0x0101_0101_0101_0101L);
        }
    }
}
