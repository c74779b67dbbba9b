package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `out = condition ? a : b` on bool and uint8, eight elements at a time.
final class ByteWhere implements WhereKernel {
    private static final ValueLayout.OfLong EIGHT = ValueLayout.JAVA_LONG_UNALIGNED;

    @Override
    public void run(
            MemorySegment condition,
            long conditionOffset,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count) {
        MemorySegment choice = Native.slice(condition, conditionOffset);
        MemorySegment first = Native.slice(a, aOffset);
        MemorySegment second = Native.slice(b, bOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += 8) {
            long c = choice.get(EIGHT, i) * 0xFF; // a byte of 1 becomes all ones
            long x = first.get(EIGHT, i);
            long y = second.get(EIGHT, i);
            target.set(EIGHT, i, y ^ (c & (x ^ y)));
        }
    }
}
