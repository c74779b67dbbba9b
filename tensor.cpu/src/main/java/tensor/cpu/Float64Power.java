package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `out = aᵇ` on float64, one element after another by [StrictMath#pow]: the same bits on every machine.
///
/// Error below 1 ulp. 1 where `b` is 0 or `a` is 1, also of NaN; 1 for −1 to ±∞.
final class Float64Power implements BinaryKernel {
    @Override
    public void run(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count) {
        for (long i = 0; i < 8L * count; i += 8) {
            double base = a.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, aOffset + i);
            double exponent = b.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, bOffset + i);
            out.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, outOffset + i, pow(base, exponent));
        }
    }

    /// C gives 1 for 1 to anything and for −1 to ±∞, Java NaN for some of these.
    static double pow(double base, double exponent) {
        boolean one = base == 1 || (base == -1 && Double.isInfinite(exponent));
        return one ? 1 : StrictMath.pow(base, exponent);
    }
}
