package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = ln x` on float64: `x = 2ᵏ·(1 + f)` with `√½ ≤ 1 + f < √2`, and `ln(1 + f)` as a series in `s = f/(2 + f)`
/// (the method of fdlibm).
///
/// Error below 0.9 ulp. −∞ at ±0, NaN below 0 and at NaN, ∞ at ∞; subnormal arguments are exact.
final class Float64Log implements UnaryKernel {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    private static final long ONE = 0x3ff0000000000000L;
    private static final long ROOT_HALF = 0x3fe6a09e667f3bcdL;

    /// An integer added to these bits becomes the fraction of 1.5·2⁵², and subtracting that gives it as a double.
    private static final double ROUND = 0x1.8p52;

    static final DoubleVector LN2_HIGH = constant(0x1.62e42feep-1);
    static final DoubleVector LN2_LOW = constant(0x1.a39ef35793c76p-33);

    static final DoubleVector C1 = constant(0x1.39a09d078c69fp-3);
    static final DoubleVector C2 = constant(0x1.c71c51d8e78afp-3);
    static final DoubleVector C3 = constant(0x1.999999997fa04p-2);
    static final DoubleVector C4 = constant(0x1.2f112df3e5244p-3);
    static final DoubleVector C5 = constant(0x1.7466496cb03dep-3);
    static final DoubleVector C6 = constant(0x1.2492494229359p-2);
    static final DoubleVector C7 = constant(0x1.5555555555593p-1);
    static final DoubleVector ONE_VECTOR = constant(1.0);
    static final DoubleVector TWO = constant(2.0);
    static final DoubleVector HALF = constant(0.5);
    static final DoubleVector ROUND_VECTOR = constant(ROUND);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            DoubleVector v = DoubleVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            ln(v).intoMemorySegment(target, 8L * i, ORDER);
        }
    }

    /// {@return ln x in each lane}
    static DoubleVector ln(DoubleVector x) {
        return edges(x, log(x));
    }

    /// The logarithm of positive finite numbers.
    static DoubleVector log(DoubleVector x) {
        VectorMask<Double> subnormal = x.compare(VectorOperators.LT, Double.MIN_NORMAL);
        DoubleVector scaled = x.mul(0x1p54, subnormal);
        LongVector bits = scaled.reinterpretAsLongs().add(ONE - ROOT_HALF);
        LongVector exponent = bits.lanewise(VectorOperators.LSHR, 52);
        DoubleVector k =
                exponent.add(Double.doubleToRawLongBits(ROUND) - 1023)
                        .reinterpretAsDoubles()
                        .sub(ROUND_VECTOR);
        k = k.sub(54.0, subnormal);
        DoubleVector f =
                bits.and(0x000fffffffffffffL).add(ROOT_HALF).reinterpretAsDoubles().sub(ONE_VECTOR);
        DoubleVector s = f.div(f.add(TWO));
        DoubleVector halfSquare = f.mul(f).mul(HALF);
        DoubleVector low = k.mul(LN2_LOW);
        DoubleVector rest = s.fma(halfSquare.add(series(s.mul(s))), low).sub(halfSquare).add(f);
        return k.fma(LN2_HIGH, rest);
    }

    private static DoubleVector series(DoubleVector z) {
        DoubleVector w = z.mul(z);
        DoubleVector odd = w.fma(C1, C2).fma(w, C3).mul(w);
        DoubleVector even = w.fma(C4, C5).fma(w, C6).fma(w, C7).mul(z);
        return odd.add(even);
    }

    static DoubleVector edges(DoubleVector x, DoubleVector log) {
        DoubleVector atInfinity =
                log.blend(
                        Double.POSITIVE_INFINITY,
                        x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
        DoubleVector atZero =
                atInfinity.blend(Double.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0.0));
        return atZero.blend(Double.NaN, x.compare(VectorOperators.GE, 0.0).not());
    }

    private static DoubleVector constant(double c) {
        return DoubleVector.broadcast(SPECIES, c);
    }
}
