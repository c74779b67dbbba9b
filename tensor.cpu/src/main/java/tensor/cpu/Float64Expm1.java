package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = eˣ − 1` on float64: `x = n·ln 2 + r` with `|r| ≤ ½ ln 2`, then `2ⁿ·(eʳ − 1) + (2ⁿ − 1)`, where `eʳ − 1` is the
/// Taylor polynomial of degree 14.
///
/// Error below 2 ulp. −1 at −∞ and below −37.5, ∞ from 709.79 on, keeps the sign of zero and subnormals, NaN at NaN.
final class Float64Expm1 implements UnaryKernel {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    /// Adding and subtracting 1.5·2⁵² rounds to an integer, which then stands in the low bits of the sum.
    static final DoubleVector ROUND = constant(0x1.8p52);

    static final DoubleVector LOG2_E = constant(0x1.71547652b82fep0);
    static final DoubleVector MINUS_LN2_HIGH = constant(-0x1.62e42feep-1);
    static final DoubleVector MINUS_LN2_LOW = constant(-0x1.a39ef35793c76p-33);

    static final DoubleVector C1 = constant(0x1.93974a8c07c9dp-37);
    static final DoubleVector C2 = constant(0x1.6124613a86d09p-33);
    static final DoubleVector C3 = constant(0x1.1eed8eff8d898p-29);
    static final DoubleVector C4 = constant(0x1.ae64567f544e4p-26);
    static final DoubleVector C5 = constant(0x1.27e4fb7789f5cp-22);
    static final DoubleVector C6 = constant(0x1.71de3a556c734p-19);
    static final DoubleVector C7 = constant(0x1.a01a01a01a01ap-16);
    static final DoubleVector C8 = constant(0x1.a01a01a01a01ap-13);
    static final DoubleVector C9 = constant(0x1.6c16c16c16c17p-10);
    static final DoubleVector C10 = constant(0x1.1111111111111p-7);
    static final DoubleVector C11 = constant(0x1.5555555555555p-5);
    static final DoubleVector C12 = constant(0x1.5555555555555p-3);
    static final DoubleVector HALF = constant(0.5);
    static final DoubleVector HIGHEST = constant(710.0);
    static final DoubleVector LOWEST = constant(-40.0);
    static final LongVector ROUND_BITS = ROUND.reinterpretAsLongs();
    static final LongVector BIAS = LongVector.broadcast(LongVector.SPECIES_PREFERRED, 1023);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            DoubleVector v = DoubleVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            expm1(v).intoMemorySegment(target, 8L * i, ORDER);
        }
    }

    /// {@return eˣ − 1 in each lane} Where x is so small that the next term is below half a unit, x itself: that keeps the sign of zero.
    static DoubleVector expm1(DoubleVector x) {
        DoubleVector v = x.min(HIGHEST).max(LOWEST);
        DoubleVector rounded = v.fma(LOG2_E, ROUND);
        DoubleVector n = rounded.sub(ROUND);
        DoubleVector r = n.fma(MINUS_LN2_HIGH, v);
        r = n.fma(MINUS_LN2_LOW, r);
        DoubleVector q = polynomial(r).fma(r.mul(r), r);
        // 2ⁿ in two factors, for n reaches beyond the exponents
        LongVector whole = rounded.reinterpretAsLongs().sub(ROUND_BITS);
        LongVector half = whole.lanewise(VectorOperators.ASHR, 1);
        LongVector rest = whole.sub(half);
        DoubleVector first = powerOfTwo(half);
        DoubleVector inverse = powerOfTwo(rest.neg());
        DoubleVector result = q.fma(first, first.sub(inverse)).mul(powerOfTwo(rest));
        return result.blend(x, x.abs().compare(VectorOperators.LT, 0x1p-54));
    }

    /// `(eʳ − 1 − r)/r²`.
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
        p = p.fma(r, C12);
        return p.fma(r, HALF);
    }

    private static DoubleVector powerOfTwo(LongVector n) {
        return n.add(BIAS).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    }

    private static DoubleVector constant(double c) {
        return DoubleVector.broadcast(SPECIES, c);
    }
}
