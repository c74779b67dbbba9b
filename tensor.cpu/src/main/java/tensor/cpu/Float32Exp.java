package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = eˣ` on float32: `x = n·ln 2 + r` with `|r| ≤ ½ ln 2`, then `2ⁿ` times a polynomial of degree 6 in `r`.
///
/// Methods of at most 35 bytes of code are inlined wherever the compiler stands; longer ones only where it has counted calls, and
/// a vector that is passed to a method becomes an object. So these are short.
///
/// Error below 0.9 ulp. 1 at ±0, 0 at −∞, ∞ from 88.73 on, subnormal results rounded once, NaN at NaN.
final class Float32Exp implements UnaryKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    /// Adding and subtracting 1.5·2²³ rounds to an integer, which then stands in the low bits of the sum.
    static final FloatVector ROUND = constant(0x1.8p23f);

    static final FloatVector LOG2_E = constant(0x1.715476p0f);
    static final FloatVector MINUS_LN2_HIGH = constant(-0x1.62e400p-1f);
    static final FloatVector MINUS_LN2_LOW = constant(-0x1.7f7d1cp-20f);

    static final FloatVector C1 = constant(0x1.694000p-10f);
    static final FloatVector C2 = constant(0x1.125edcp-7f);
    static final FloatVector C3 = constant(0x1.555b5ap-5f);
    static final FloatVector C4 = constant(0x1.555450p-3f);
    static final FloatVector C5 = constant(0x1.fffff6p-2f);
    static final FloatVector ONE = constant(1f);
    static final FloatVector HIGHEST = constant(89f);
    static final FloatVector LOWEST = constant(-104f);
    static final IntVector ROUND_BITS = ROUND.reinterpretAsInts();
    static final IntVector BIAS = IntVector.broadcast(IntVector.SPECIES_PREFERRED, 127);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, source, 4L * i, ORDER);
            exp(v).intoMemorySegment(target, 4L * i, ORDER);
        }
    }

    /// {@return eˣ in each lane}
    static FloatVector exp(FloatVector x) {
        return scaled(within(x)).blend(0, x.compare(VectorOperators.LT, LOWEST));
    }

    /// {@return [#exp] of numbers from −87 to 88, and of NaN} So few operations that other functions have room for them.
    static FloatVector inner(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        return polynomial(rest(x, rounded.sub(ROUND))).mul(powerOfTwo(whole(rounded)));
    }

    /// Sets to 0 what would become 0: such results take processors a hundred times as long to round.
    private static FloatVector within(FloatVector x) {
        return x.blend(HIGHEST, x.compare(VectorOperators.GT, HIGHEST))
                .blend(0, x.compare(VectorOperators.LT, LOWEST));
    }

    private static FloatVector scaled(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        return times(polynomial(rest(x, rounded.sub(ROUND))), whole(rounded));
    }

    private static IntVector whole(FloatVector rounded) {
        return rounded.reinterpretAsInts().sub(ROUND_BITS);
    }

    /// `x − n·ln 2`.
    private static FloatVector rest(FloatVector x, FloatVector n) {
        return n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
    }

    private static FloatVector polynomial(FloatVector r) {
        return upper(r).fma(r, C5).fma(r, ONE).fma(r, ONE);
    }

    private static FloatVector upper(FloatVector r) {
        return C1.fma(r, C2).fma(r, C3).fma(r, C4);
    }

    /// `p·2ⁿ` in two factors, for n reaches beyond the exponents on both sides; only the second product rounds.
    private static FloatVector times(FloatVector p, IntVector n) {
        IntVector half = n.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(n.sub(half)));
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(BIAS).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
