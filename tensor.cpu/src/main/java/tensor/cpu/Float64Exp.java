package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = eˣ` on float64: `x = n·ln 2 + r` with `|r| ≤ ½ ln 2`, then `2ⁿ` times the Taylor polynomial of degree 13,
/// whose remainder is below 0.04 ulp there.
///
/// Error below 0.9 ulp. 1 at ±0, 0 at −∞, ∞ from 709.79 on, subnormal results rounded once, NaN at NaN.
final class Float64Exp implements UnaryKernel {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    /// Adding and subtracting 1.5·2⁵² rounds to an integer, which then stands in the low bits of the sum.
    static final DoubleVector ROUND = constant(0x1.8p52);

    static final DoubleVector LOG2_E = constant(0x1.71547652b82fep0);
    static final DoubleVector MINUS_LN2_HIGH = constant(-0x1.62e42feep-1);
    static final DoubleVector MINUS_LN2_LOW = constant(-0x1.a39ef35793c76p-33);

    static final DoubleVector C1 = constant(0x1.6124613a86d09p-33);
    static final DoubleVector C2 = constant(0x1.1eed8eff8d898p-29);
    static final DoubleVector C3 = constant(0x1.ae64567f544e4p-26);
    static final DoubleVector C4 = constant(0x1.27e4fb7789f5cp-22);
    static final DoubleVector C5 = constant(0x1.71de3a556c734p-19);
    static final DoubleVector C6 = constant(0x1.a01a01a01a01ap-16);
    static final DoubleVector C7 = constant(0x1.a01a01a01a01ap-13);
    static final DoubleVector C8 = constant(0x1.6c16c16c16c17p-10);
    static final DoubleVector C9 = constant(0x1.1111111111111p-7);
    static final DoubleVector C10 = constant(0x1.5555555555555p-5);
    static final DoubleVector C11 = constant(0x1.5555555555555p-3);
    static final DoubleVector HALF = constant(0.5);
    static final DoubleVector ONE = constant(1);
    static final DoubleVector HIGHEST = constant(710.0);
    static final DoubleVector LOWEST = constant(-746.0);
    static final LongVector ROUND_BITS = ROUND.reinterpretAsLongs();
    static final LongVector BIAS = LongVector.broadcast(LongVector.SPECIES_PREFERRED, 1023);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            DoubleVector v = DoubleVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            exp(v).intoMemorySegment(target, 8L * i, ORDER);
        }
    }

    /// {@return [#exp] of numbers from −708 to 709, and of NaN} So few operations that other functions have room for them.
    static DoubleVector inner(DoubleVector x) {
        DoubleVector rounded = x.fma(LOG2_E, ROUND);
        DoubleVector n = rounded.sub(ROUND);
        DoubleVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
        return polynomial(r).mul(powerOfTwo(rounded.reinterpretAsLongs().sub(ROUND_BITS)));
    }

    /// {@return eˣ in each lane}
    static DoubleVector exp(DoubleVector x) {
        // such results take processors a hundred times as long to round to 0
        VectorMask<Double> isNothing = x.compare(VectorOperators.LT, LOWEST);
        DoubleVector v =
                x.blend(HIGHEST, x.compare(VectorOperators.GT, HIGHEST)).blend(0, isNothing);
        DoubleVector rounded = v.fma(LOG2_E, ROUND);
        DoubleVector n = rounded.sub(ROUND);
        DoubleVector r = n.fma(MINUS_LN2_HIGH, v);
        r = n.fma(MINUS_LN2_LOW, r);
        // 2ⁿ in two factors, for n reaches beyond the exponents on both sides; only the second
        // product rounds
        LongVector whole = rounded.reinterpretAsLongs().sub(ROUND_BITS);
        LongVector half = whole.lanewise(VectorOperators.ASHR, 1);
        return polynomial(r)
                .mul(powerOfTwo(half))
                .mul(powerOfTwo(whole.sub(half)))
                .blend(0, isNothing);
    }

    private static DoubleVector polynomial(DoubleVector r) {
        DoubleVector p = C1;
        p = p.fma(r, C2);
        p = p.fma(r, C3);
        p = p.fma(r, C4);
        p = p.fma(r, C5);
        p = p.fma(r, C6);
        p = p.fma(r, C7);
        p = p.fma(r, C8);
        p = p.fma(r, C9);
        p = p.fma(r, C10);
        p = p.fma(r, C11);
        p = p.fma(r, HALF);
        p = p.fma(r, ONE);
        return p.fma(r, ONE);
    }

    private static DoubleVector powerOfTwo(LongVector n) {
        return n.add(BIAS).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    }

    private static DoubleVector constant(double c) {
        return DoubleVector.broadcast(SPECIES, c);
    }
}
