package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = tanh x` on float32: an odd polynomial below 0.625, `1 − 2/(e²ˣ + 1)` above (the method of Cephes).
///
/// Error below 2 ulp. ±1 at ±∞ and from 9.1 on, keeps the sign of zero, NaN at NaN.
final class Float32Tanh implements UnaryKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    static final FloatVector C1 = constant(-0x1.75e1d4p-8f);
    static final FloatVector C2 = constant(0x1.52269cp-6f);
    static final FloatVector C3 = constant(-0x1.b83c5ap-5f);
    static final FloatVector C4 = constant(0x1.110726p-3f);
    static final FloatVector C5 = constant(-0x1.555532p-2f);
    static final FloatVector ONE = constant(1f);
    static final FloatVector TWO = constant(2f);

    static final FloatVector HIGHEST = constant(88f);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, source, 4L * i, ORDER);
            tanh(v).intoMemorySegment(target, 4L * i, ORDER);
        }
    }

    /// {@return tanh x in each lane}
    static FloatVector tanh(FloatVector x) {
        FloatVector size = x.abs();
        return signed(large(size.add(size)), x)
                .blend(small(x, x.mul(x)), size.compare(VectorOperators.LT, 0.625f));
    }

    private static FloatVector signed(FloatVector magnitude, FloatVector x) {
        return magnitude.blend(magnitude.neg(), x.compare(VectorOperators.LT, 0));
    }

    private static FloatVector small(FloatVector x, FloatVector square) {
        return x.mul(smallUpper(square).fma(square, C5).fma(square, ONE));
    }

    private static FloatVector smallUpper(FloatVector square) {
        return C1.fma(square, C2).fma(square, C3).fma(square, C4);
    }

    /// Of twice the size: 1 long before the exponential is infinite.
    private static FloatVector large(FloatVector twice) {
        return ONE.sub(TWO.div(Float32Exp.inner(within(twice)).add(ONE)));
    }

    private static FloatVector within(FloatVector x) {
        return x.blend(HIGHEST, x.compare(VectorOperators.GT, HIGHEST));
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
