package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = ln(1 + x)` on float32: the logarithm of `u = 1 + x`, plus `c/u` for what `u` lost to rounding.
///
/// Error below 2 ulp. −∞ at −1, NaN below and at NaN, ∞ at ∞, keeps the sign of zero and subnormals.
final class Float32Log1p implements UnaryKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    static final FloatVector ONE = constant(1f);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, source, 4L * i, ORDER);
            log1p(v).intoMemorySegment(target, 4L * i, ORDER);
        }
    }

    /// {@return ln(1 + x) in each lane}
    static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(ONE);
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        // the subtractions are exact, the smaller summand last
        FloatVector lost =
                x.sub(u.sub(ONE)).blend(one.sub(u.sub(x)), x.compare(VectorOperators.GE, 1f));
        FloatVector log = Float32Log.log(u).add(lost.div(u));
        VectorMask<Float> small = x.abs().compare(VectorOperators.LT, 0x1p-25f);
        return Float32Log.edges(u, log).blend(x, small);
    }

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }
}
