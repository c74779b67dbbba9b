package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = ln x` on float32: `x = 2ᵏ·(1 + f)` with `√½ ≤ 1 + f < √2`, and `ln(1 + f)` as a series in `s = f/(2 + f)`
/// (the method of fdlibm).
///
/// Error below 0.9 ulp. −∞ at ±0, NaN below 0 and at NaN, ∞ at ∞; subnormal arguments are exact.
final class Float32Log implements UnaryKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    private static final int ONE = 0x3f800000;
    private static final int ROOT_HALF = 0x3f3504f3;

    /// An integer added to these bits becomes the fraction of 1.5·2²³, and subtracting that gives it as a float.
    private static final float ROUND = 0x1.8p23f;

    static final FloatVector LN2_HIGH = constant(0x1.62e3p-1f);
    static final FloatVector LN2_LOW = constant(0x1.2fefa2p-17f);

    static final FloatVector C1 = constant(0xf89e26.0p-26f);
    static final FloatVector C2 = constant(0xccce13.0p-25f);
    static final FloatVector C3 = constant(0x91e9ee.0p-25f);
    static final FloatVector C4 = constant(0xaaaaaa.0p-24f);
    static final FloatVector ONE_VECTOR = constant(1f);
    static final FloatVector TWO = constant(2f);
    static final FloatVector HALF = constant(0.5f);
    static final FloatVector ROUND_VECTOR = constant(ROUND);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, source, 4L * i, ORDER);
            ln(v).intoMemorySegment(target, 4L * i, ORDER);
        }
    }

    /// {@return ln x in each lane}
    static FloatVector ln(FloatVector x) {
        return edges(x, log(x));
    }

    /// The logarithm of positive finite numbers.
    static FloatVector log(FloatVector x) {
        VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector scaled = x.mul(0x1p25f, subnormal);
        IntVector bits = scaled.reinterpretAsInts().add(ONE - ROOT_HALF);
        IntVector exponent = bits.lanewise(VectorOperators.LSHR, 23);
        FloatVector k =
                exponent.add(Float.floatToRawIntBits(ROUND) - 127)
                        .reinterpretAsFloats()
                        .sub(ROUND_VECTOR);
        k = k.sub(25f, subnormal);
        FloatVector f = bits.and(0x007fffff).add(ROOT_HALF).reinterpretAsFloats().sub(ONE_VECTOR);
        FloatVector s = f.div(f.add(TWO));
        FloatVector z = s.mul(s);
        FloatVector w = z.mul(z);
        FloatVector odd = w.fma(C1, C2).mul(w);
        FloatVector even = w.fma(C3, C4).mul(z);
        FloatVector halfSquare = f.mul(f).mul(HALF);
        FloatVector low = k.mul(LN2_LOW);
        FloatVector rest = s.fma(halfSquare.add(odd.add(even)), low).sub(halfSquare).add(f);
        return k.fma(LN2_HIGH, rest);
    }

    static FloatVector edges(FloatVector x, FloatVector log) {
        FloatVector atInfinity =
                log.blend(
                        Float.POSITIVE_INFINITY,
                        x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        FloatVector atZero =
                atInfinity.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        return atZero.blend(Float.NaN, x.compare(VectorOperators.GE, 0f).not());
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
