package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = ln(1 + x)` on float64: the logarithm of `u = 1 + x`, plus `c/u` for what `u` lost to rounding.
///
/// Error below 2 ulp. −∞ at −1, NaN below and at NaN, ∞ at ∞, keeps the sign of zero and subnormals.
final class Float64Log1p implements UnaryKernel {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    static final DoubleVector ONE = constant(1.0);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            DoubleVector v = DoubleVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            log1p(v).intoMemorySegment(target, 8L * i, ORDER);
        }
    }

    /// {@return ln(1 + x) in each lane}
    static DoubleVector log1p(DoubleVector x) {
        DoubleVector u = x.add(ONE);
        DoubleVector one = DoubleVector.broadcast(SPECIES, 1.0);
        // the subtractions are exact, the smaller summand last
        DoubleVector lost =
                x.sub(u.sub(ONE)).blend(one.sub(u.sub(x)), x.compare(VectorOperators.GE, 1.0));
        DoubleVector log = Float64Log.log(u).add(lost.div(u));
        VectorMask<Double> small = x.abs().compare(VectorOperators.LT, 0x1p-54);
        return Float64Log.edges(u, log).blend(x, small);
    }

    private static DoubleVector constant(double c) {
        return DoubleVector.broadcast(SPECIES, c);
    }
}
