package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `out = a / b` on int64, truncated towards zero. Exactly `count` elements: behind them a zero would be a fault.
final class LongDivide implements BinaryKernel {
    @Override
    public void run(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count) {
        for (int i = 0; i < count; i++) {
            long dividend = a.get(ValueLayout.JAVA_LONG, aOffset + i * 8L);
            long divisor = b.get(ValueLayout.JAVA_LONG, bOffset + i * 8L);
            if (divisor == 0) {
                throw new ArithmeticException(
                        "div: an int64 is divided by 0; compare with 0 first");
            }
            out.set(ValueLayout.JAVA_LONG, outOffset + i * 8L, dividend / divisor);
        }
    }
}
