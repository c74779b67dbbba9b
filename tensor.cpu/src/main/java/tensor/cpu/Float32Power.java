package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `out = aᵇ` on float32: that of float64, rounded.
///
/// Error below 0.51 ulp. 1 where `b` is 0 or `a` is 1, also of NaN; 1 for −1 to ±∞.
final class Float32Power implements BinaryKernel {
    @Override
    public void run(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count) {
        for (long i = 0; i < 4L * count; i += 4) {
            float base = a.get(ValueLayout.JAVA_FLOAT_UNALIGNED, aOffset + i);
            float exponent = b.get(ValueLayout.JAVA_FLOAT_UNALIGNED, bOffset + i);
            float power = (float) Float64Power.pow(base, exponent);
            out.set(ValueLayout.JAVA_FLOAT_UNALIGNED, outOffset + i, power);
        }
    }
}
