package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = sin x` or `cos x` on float32. Template: how many quarter turns the sine is ahead, 0 for sin, 1 for cos.
///
/// `|x| = n·π/2 + r` with `|r| ≤ π/4`, by three constants whose sum is π/2 to 72 bits; then a polynomial for sine and
/// one for cosine, of which the quadrant chooses. Above [#LIMIT] that is not enough, and such an element, whatever
/// stands beside it, is computed by [StrictMath].
///
/// Error below 2 ulp for every argument (worst of 70 million: 1.48). sin keeps the sign of zero; NaN at ±∞ and NaN.
final class Float32Sine implements UnaryKernel {
    private static final int QUARTERS =
            (Integer) Specialize.parameters(MethodHandles.lookup()).getFirst();
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    private static final float LIMIT = 65536f;

    /// Adding and subtracting 1.5·2²³ rounds to an integer, which then stands in the low bits of the sum.
    private static final FloatVector ROUND = constant(0x1.8p23f);

    private static final FloatVector TWO_OVER_PI = constant(0x1.45f306p-1f);
    private static final FloatVector MINUS_HALF_PI_HIGH = constant(-0x1.921fb0p0f);
    private static final FloatVector MINUS_HALF_PI_MIDDLE = constant(-0x1.5110b4p-22f);
    private static final FloatVector MINUS_HALF_PI_LOW = constant(-0x1.846988p-48f);

    private static final FloatVector C1 = constant(0x1.80ap-19f);
    private static final FloatVector C2 = constant(-0x1.a0690cp-13f);
    private static final FloatVector C3 = constant(0x1.111182p-7f);
    private static final FloatVector C4 = constant(-0x1.555556p-3f);
    private static final FloatVector C5 = constant(0x1.9a8p-16f);
    private static final FloatVector C6 = constant(-0x1.6c0efap-10f);
    private static final FloatVector C7 = constant(0x1.55555p-5f);
    private static final FloatVector MINUS_HALF = constant(-0.5f);
    private static final FloatVector ONE = constant(1f);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, source, 4L * i, ORDER);
            FloatVector size = v.abs();
            FloatVector result = turn(v, size);
            if (size.compare(VectorOperators.GT, LIMIT).anyTrue()) {
                result = large(v, result);
            }
            result.intoMemorySegment(target, 4L * i, ORDER);
        }
    }

    private static FloatVector turn(FloatVector x, FloatVector size) {
        FloatVector rounded = size.fma(TWO_OVER_PI, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(MINUS_HALF_PI_HIGH, size);
        r = n.fma(MINUS_HALF_PI_MIDDLE, r);
        r = n.fma(MINUS_HALF_PI_LOW, r);
        IntVector quadrant = rounded.reinterpretAsInts().add(QUARTERS);
        VectorMask<Float> odd = quadrant.and(1).compare(VectorOperators.NE, 0).cast(SPECIES);
        IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
        if (QUARTERS == 0) {
            sign = sign.lanewise(VectorOperators.XOR, x.reinterpretAsInts().and(1 << 31));
        }
        FloatVector square = r.mul(r);
        FloatVector magnitude = sine(r, square).blend(cosine(square), odd);
        return magnitude
                .reinterpretAsInts()
                .lanewise(VectorOperators.XOR, sign)
                .reinterpretAsFloats();
    }

    private static FloatVector sine(FloatVector r, FloatVector square) {
        FloatVector p = C1;
        p = p.fma(square, C2);
        p = p.fma(square, C3);
        p = p.fma(square, C4);
        return p.fma(r.mul(square), r);
    }

    private static FloatVector cosine(FloatVector square) {
        FloatVector p = C5;
        p = p.fma(square, C6);
        p = p.fma(square, C7);
        p = p.fma(square, MINUS_HALF);
        return p.fma(square, ONE);
    }

    /// Replaces the lanes whose argument is too large to be reduced here.
    private static FloatVector large(FloatVector x, FloatVector result) {
        float[] arguments = x.toArray();
        float[] values = result.toArray();
        for (int i = 0; i < LANES; i++) {
            if (Math.abs(arguments[i]) > LIMIT) {
                double argument = arguments[i];
                values[i] =
                        (float)
                                (QUARTERS == 0
                                        ? StrictMath.sin(argument)
                                        : StrictMath.cos(argument));
            }
        }
        return FloatVector.fromArray(SPECIES, values, 0);
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
