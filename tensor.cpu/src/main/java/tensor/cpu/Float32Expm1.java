package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = eˣ − 1` on float32: `x = n·ln 2 + r` with `|r| ≤ ½ ln 2`, then `2ⁿ·(eʳ − 1) + (2ⁿ − 1)`, where `eʳ − 1` is the
/// Taylor polynomial of degree 8.
///
/// Error below 2 ulp. −1 at −∞ and below −17.4, ∞ from 88.73 on, keeps the sign of zero and subnormals, NaN at NaN.
final class Float32Expm1 implements UnaryKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    /// Adding and subtracting 1.5·2²³ rounds to an integer, which then stands in the low bits of the sum.
    static final FloatVector ROUND = constant(0x1.8p23f);

    static final FloatVector LOG2_E = constant(0x1.715476p0f);
    static final FloatVector MINUS_LN2_HIGH = constant(-0x1.62e400p-1f);
    static final FloatVector MINUS_LN2_LOW = constant(-0x1.7f7d1cp-20f);

    static final FloatVector C1 = constant(0x1.a01a02p-16f);
    static final FloatVector C2 = constant(0x1.a01a02p-13f);
    static final FloatVector C3 = constant(0x1.6c16c2p-10f);
    static final FloatVector C4 = constant(0x1.111112p-7f);
    static final FloatVector C5 = constant(0x1.555556p-5f);
    static final FloatVector C6 = constant(0x1.555556p-3f);
    static final FloatVector HALF = constant(0.5f);
    static final FloatVector HIGHEST = constant(89f);
    static final FloatVector LOWEST = constant(-20f);
    static final IntVector ROUND_BITS = ROUND.reinterpretAsInts();
    static final IntVector BIAS = IntVector.broadcast(IntVector.SPECIES_PREFERRED, 127);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, source, 4L * i, ORDER);
            expm1(v).intoMemorySegment(target, 4L * i, ORDER);
        }
    }

    /// {@return eˣ − 1 in each lane} Where x is so small that the next term is below half a unit, x itself: that keeps the sign of zero.
    static FloatVector expm1(FloatVector x) {
        FloatVector v = x.min(HIGHEST).max(LOWEST);
        FloatVector rounded = v.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_HIGH, v);
        r = n.fma(MINUS_LN2_LOW, r);
        FloatVector q = polynomial(r).fma(r.mul(r), r);
        // 2ⁿ in two factors, for n reaches beyond the exponents
        IntVector whole = rounded.reinterpretAsInts().sub(ROUND_BITS);
        IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
        IntVector rest = whole.sub(half);
        FloatVector first = powerOfTwo(half);
        FloatVector inverse = powerOfTwo(rest.neg());
        FloatVector result = q.fma(first, first.sub(inverse)).mul(powerOfTwo(rest));
        return result.blend(x, x.abs().compare(VectorOperators.LT, 0x1p-25f));
    }

    /// `(eʳ − 1 − r)/r²`.
    private static FloatVector polynomial(FloatVector r) {
        FloatVector p = C1;
        p = p.fma(r, C2);
        p = p.fma(r, C3);
        p = p.fma(r, C4);
        p = p.fma(r, C5);
        p = p.fma(r, C6);
        return p.fma(r, HALF);
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(BIAS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
