package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = sin x` or `cos x` on float64. Template: how many quarter turns the sine is ahead, 0 for sin, 1 for cos.
///
/// `|x| = n·π/2 + r + low` with `|r| ≤ π/4`, by three constants whose sum is π/2 to 159 bits, `low` being what `r` has
/// lost to rounding; then the polynomials of fdlibm for sine and cosine, of which the quadrant chooses. Above
/// [#LIMIT] that is not enough, and such an element, whatever stands beside it, is computed by [StrictMath].
///
/// Error below 1 ulp for every argument. sin keeps the sign of zero; NaN at ±∞ and NaN.
final class Float64Sine implements UnaryKernel {
    private static final int QUARTERS =
            (Integer) Specialize.parameters(MethodHandles.lookup()).getFirst();
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    private static final double LIMIT = 0x1p20;

    /// Adding and subtracting 1.5·2⁵² rounds to an integer, which then stands in the low bits of the sum.
    private static final DoubleVector ROUND = constant(0x1.8p52);

    private static final DoubleVector TWO_OVER_PI = constant(0x1.45f306dc9c883p-1);
    private static final DoubleVector MINUS_HALF_PI_HIGH = constant(-0x1.921fb54442d18p0);
    private static final DoubleVector HALF_PI_MIDDLE = constant(0x1.1a62633145c07p-54);
    private static final DoubleVector MINUS_HALF_PI_LOW = constant(0x1.f1976b7ed8fbcp-110);

    private static final DoubleVector C1 = constant(0x1.5d93a5acfd57cp-33);
    private static final DoubleVector C2 = constant(-0x1.ae5e68a2b9cebp-26);
    private static final DoubleVector C3 = constant(0x1.71de357b1fe7dp-19);
    private static final DoubleVector C4 = constant(-0x1.a01a019c161d5p-13);
    private static final DoubleVector C5 = constant(0x1.111111110f8a6p-7);
    private static final DoubleVector C6 = constant(-0x1.8fae9be8838d4p-37);
    private static final DoubleVector C7 = constant(0x1.1ee9ebdb4b1c4p-29);
    private static final DoubleVector C8 = constant(-0x1.27e4f809c52adp-22);
    private static final DoubleVector C9 = constant(0x1.a01a019cb159p-16);
    private static final DoubleVector C10 = constant(-0x1.6c16c16c15177p-10);
    private static final DoubleVector C11 = constant(0x1.555555555554cp-5);
    private static final DoubleVector ONE = constant(1);
    private static final DoubleVector HALF = constant(0.5);
    private static final DoubleVector C12 = constant(-0x1.5555555555549p-3);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            DoubleVector v = DoubleVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            DoubleVector size = v.abs();
            DoubleVector result = turn(v, size);
            if (size.compare(VectorOperators.GT, LIMIT).anyTrue()) {
                result = large(v, result);
            }
            result.intoMemorySegment(target, 8L * i, ORDER);
        }
    }

    private static DoubleVector turn(DoubleVector x, DoubleVector size) {
        DoubleVector rounded = size.fma(TWO_OVER_PI, ROUND);
        DoubleVector n = rounded.sub(ROUND);
        // exact: both are multiples of 2⁻⁵³ and nearly equal
        DoubleVector near = n.fma(MINUS_HALF_PI_HIGH, size);
        DoubleVector product = n.mul(HALF_PI_MIDDLE);
        DoubleVector productLow = n.fma(HALF_PI_MIDDLE, product.neg());
        DoubleVector difference = near.sub(product);
        DoubleVector part = difference.sub(near);
        DoubleVector lost = near.sub(difference.sub(part)).sub(product.add(part));
        DoubleVector rest = n.fma(MINUS_HALF_PI_LOW, lost.sub(productLow));
        DoubleVector r = difference.add(rest);
        DoubleVector low = difference.sub(r).add(rest);

        LongVector quadrant = rounded.reinterpretAsLongs().add(QUARTERS);
        VectorMask<Double> odd = quadrant.and(1).compare(VectorOperators.NE, 0).cast(SPECIES);
        LongVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 62);
        if (QUARTERS == 0) {
            sign = sign.lanewise(VectorOperators.XOR, x.reinterpretAsLongs().and(1L << 63));
        }
        DoubleVector magnitude = sine(r, low).blend(cosine(r, low), odd);
        return magnitude
                .reinterpretAsLongs()
                .lanewise(VectorOperators.XOR, sign)
                .reinterpretAsDoubles();
    }

    private static DoubleVector sine(DoubleVector r, DoubleVector low) {
        DoubleVector square = r.mul(r);
        DoubleVector cube = square.mul(r);
        DoubleVector p = C1;
        p = p.fma(square, C2);
        p = p.fma(square, C3);
        p = p.fma(square, C4);
        p = p.fma(square, C5);
        DoubleVector tail = low.mul(HALF).sub(cube.mul(p)).mul(square).sub(low);
        return r.sub(tail.sub(cube.mul(C12)));
    }

    private static DoubleVector cosine(DoubleVector r, DoubleVector low) {
        DoubleVector square = r.mul(r);
        DoubleVector p = C6;
        p = p.fma(square, C7);
        p = p.fma(square, C8);
        p = p.fma(square, C9);
        p = p.fma(square, C10);
        p = p.fma(square, C11).mul(square);
        DoubleVector half = square.mul(HALF);
        DoubleVector rounded = ONE.sub(half);
        DoubleVector lost = ONE.sub(rounded).sub(half);
        return rounded.add(lost.add(square.mul(p).sub(r.mul(low))));
    }

    /// Replaces the lanes whose argument is too large to be reduced here.
    private static DoubleVector large(DoubleVector x, DoubleVector result) {
        double[] arguments = x.toArray();
        double[] values = result.toArray();
        for (int i = 0; i < LANES; i++) {
            if (Math.abs(arguments[i]) > LIMIT) {
                values[i] =
                        QUARTERS == 0 ? StrictMath.sin(arguments[i]) : StrictMath.cos(arguments[i]);
            }
        }
        return DoubleVector.fromArray(SPECIES, values, 0);
    }

    private static DoubleVector constant(double c) {
        return DoubleVector.broadcast(SPECIES, c);
    }
}
