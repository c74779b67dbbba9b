package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = erf x` on float32: below 0.93 an odd polynomial, above it 1 − eᵖ, where `p` is a polynomial near `ln erfc x`.
///
/// Error below 2 ulp. ±1 at ±∞ and from 3.92 on, keeps the sign of zero, NaN at NaN.
final class Float32Erf implements UnaryKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final float SMALL = 475f / 512;

    static final FloatVector C1 = constant(-0x1.38e000p-11f);
    static final FloatVector C2 = constant(0x1.471a58p-8f);
    static final FloatVector C3 = constant(-0x1.b691b2p-6f);
    static final FloatVector C4 = constant(0x1.ce1c44p-4f);
    static final FloatVector C5 = constant(-0x1.812700p-2f);
    static final FloatVector C6 = constant(0x1.06eba8p-3f);
    static final FloatVector C7 = constant(-0x1.220000p-16f);
    static final FloatVector C8 = constant(0x1.91cfb2p-12f);
    static final FloatVector C9 = constant(-0x1.fd1438p-9f);
    static final FloatVector C10 = constant(0x1.8d6342p-6f);
    static final FloatVector C11 = constant(-0x1.b55cb8p-4f);
    static final FloatVector C12 = constant(-0x1.450aa0p-1f);
    static final FloatVector C13 = constant(-0x1.079d0cp-3f);
    static final FloatVector ONE = constant(1);
    static final FloatVector HIGHEST = constant(4f);

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
        return signed(large(size.min(HIGHEST)), x)
                .blend(small(x), size.compare(VectorOperators.LT, SMALL));
    }

    private static FloatVector signed(FloatVector magnitude, FloatVector x) {
        return magnitude.blend(magnitude.neg(), x.compare(VectorOperators.LT, 0));
    }

    private static FloatVector small(FloatVector x) {
        FloatVector z = x.mul(x);
        return smallUpper(z).fma(z, C5).fma(z, C6).fma(x, x);
    }

    private static FloatVector smallUpper(FloatVector z) {
        return C1.fma(z, C2).fma(z, C3).fma(z, C4);
    }

    private static FloatVector large(FloatVector x) {
        return ONE.sub(Float32Exp.inner(exponent(x)));
    }

    /// `ln erfc x`.
    private static FloatVector exponent(FloatVector x) {
        return exponentUpper(x).fma(x, C11).fma(x, C12).fma(x, C13).fma(x, x.neg());
    }

    private static FloatVector exponentUpper(FloatVector x) {
        return C7.fma(x, C8).fma(x.mul(x), C9.fma(x, C10));
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
