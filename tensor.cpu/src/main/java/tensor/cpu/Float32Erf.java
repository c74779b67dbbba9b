package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = erf x` on float32: below 65/64 an odd polynomial, above it `1 − p⁴`, where `p` is a polynomial near the fourth root of
/// `erfc x`. (Hastings divided by such powers: Abramowitz and Stegun, 7.1.27 and 28.) The root is smooth, so that degree 7 is
/// enough, and what `p` is wrong by where `erfc x` is small its power forgives.
///
/// Error below 2 ulp, 1.68 at most over all numbers. ±1 at ±∞ and from 4.125 on, keeps the sign of zero, NaN at NaN.
final class Float32Erf implements UnaryKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    static final FloatVector C1 = constant(-0x1.243026p-11f);
    static final FloatVector C2 = constant(0x1.417346p-8f);
    static final FloatVector C3 = constant(-0x1.b57d02p-6f);
    static final FloatVector C4 = constant(0x1.ce069ep-4f);
    static final FloatVector C5 = constant(-0x1.812668p-2f);
    static final FloatVector C6 = constant(0x1.06eba4p-3f);
    static final FloatVector C7 = constant(-0x1.502baap-13f);
    static final FloatVector C8 = constant(0x1.856804p-9f);
    static final FloatVector C9 = constant(-0x1.532a92p-6f);
    static final FloatVector C10 = constant(0x1.f70264p-5f);
    static final FloatVector C11 = constant(-0x1.56b6e8p-5f);
    static final FloatVector C12 = constant(-0x1.29e0f6p-4f);
    static final FloatVector C13 = constant(-0x1.369f92p-2f);
    static final FloatVector C14 = constant(0x1.0110a4p0f);
    static final FloatVector ONE = constant(1);
    static final FloatVector LARGE = constant(65f / 64);

    /// From here on the fourth power is lost beside 1, and the polynomial rises again.
    static final IntVector HIGHEST = constant(4.125f).reinterpretAsInts();

    static final IntVector SIGN = constant(-0f).reinterpretAsInts();

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, source, 4L * i, ORDER);
            erf(v).intoMemorySegment(target, 4L * i, ORDER);
        }
    }

    /// {@return erf x in each lane}
    static FloatVector erf(FloatVector x) {
        FloatVector size = x.abs();
        return small(x).blend(
                        signed(large(within(size)), x), size.compare(VectorOperators.GE, LARGE));
    }

    /// As integers, which have the same order, for the least of two float vectors takes six instructions; not NaN for NaN.
    private static FloatVector within(FloatVector size) {
        return size.reinterpretAsInts().min(HIGHEST).reinterpretAsFloats();
    }

    private static FloatVector signed(FloatVector magnitude, FloatVector x) {
        return magnitude
                .reinterpretAsInts()
                .or(x.reinterpretAsInts().and(SIGN))
                .reinterpretAsFloats();
    }

    private static FloatVector small(FloatVector x) {
        FloatVector z = x.mul(x);
        return smallUpper(z).fma(z, C5).fma(z, C6).fma(x, x);
    }

    private static FloatVector smallUpper(FloatVector z) {
        return C1.fma(z, C2).fma(z, C3).fma(z, C4);
    }

    private static FloatVector large(FloatVector x) {
        FloatVector root = root(x);
        FloatVector square = root.mul(root);
        return square.fma(square.neg(), ONE);
    }

    private static FloatVector root(FloatVector x) {
        return rootUpper(x).fma(x, C11).fma(x, C12).fma(x, C13).fma(x, C14);
    }

    private static FloatVector rootUpper(FloatVector x) {
        return C7.fma(x, C8).fma(x, C9).fma(x, C10);
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
