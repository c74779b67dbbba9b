package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = eˣ` on float32: `x = n·ln 2 + r` with `|r| ≤ ½ ln 2`, then `2ⁿ` times a polynomial of degree 6 in `r`.
///
/// Error below 0.9 ulp. 1 at ±0, 0 at −∞, ∞ from 88.73 on, subnormal results rounded once, NaN at NaN.
final class Float32Exp implements UnaryKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    /// Adding and subtracting 1.5·2²³ rounds to an integer, which then stands in the low bits of the sum.
    private static final FloatVector ROUND = constant(0x1.8p23f);

    private static final FloatVector LOG2_E = constant(0x1.715476p0f);
    private static final FloatVector MINUS_LN2_HIGH = constant(-0x1.62e400p-1f);
    private static final FloatVector MINUS_LN2_LOW = constant(-0x1.7f7d1cp-20f);

    private static final FloatVector C1 = constant(0x1.694000p-10f);
    private static final FloatVector C2 = constant(0x1.125edcp-7f);
    private static final FloatVector C3 = constant(0x1.555b5ap-5f);
    private static final FloatVector C4 = constant(0x1.555450p-3f);
    private static final FloatVector C5 = constant(0x1.fffff6p-2f);
    private static final FloatVector ONE = constant(1f);
    private static final FloatVector HIGHEST = constant(89f);
    private static final FloatVector LOWEST = constant(-104f);
    private static final IntVector ROUND_BITS = ROUND.reinterpretAsInts();
    private static final IntVector BIAS = IntVector.broadcast(IntVector.SPECIES_PREFERRED, 127);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, xOffset + 4L * i, ORDER);
            exp(v).intoMemorySegment(out, outOffset + 4L * i, ORDER);
        }
    }

    /// {@return eˣ in each lane}
    static FloatVector exp(FloatVector x) {
        // such results take processors a hundred times as long to round to 0
        VectorMask<Float> isNothing = x.compare(VectorOperators.LT, LOWEST);
        FloatVector v =
                x.blend(HIGHEST, x.compare(VectorOperators.GT, HIGHEST)).blend(0, isNothing);
        FloatVector rounded = v.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_HIGH, v);
        r = n.fma(MINUS_LN2_LOW, r);
        FloatVector p = C1;
        p = p.fma(r, C2);
        p = p.fma(r, C3);
        p = p.fma(r, C4);
        p = p.fma(r, C5);
        p = p.fma(r, ONE);
        p = p.fma(r, ONE);
        // 2ⁿ in two factors, for n reaches beyond the exponents on both sides; only the second
        // product rounds
        IntVector whole = rounded.reinterpretAsInts().sub(ROUND_BITS);
        IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(whole.sub(half))).blend(0, isNothing);
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(BIAS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
