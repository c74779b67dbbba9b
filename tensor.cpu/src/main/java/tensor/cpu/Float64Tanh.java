package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = tanh x` on float64: an odd rational function below 0.625, `1 − 2/(e²ˣ + 1)` above (the method of Cephes).
///
/// Error below 2 ulp. ±1 at ±∞ and from 19.1 on, keeps the sign of zero, NaN at NaN.
final class Float64Tanh implements UnaryKernel {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        for (int i = 0; i < count; i += LANES) {
            DoubleVector v = DoubleVector.fromMemorySegment(SPECIES, x, xOffset + 8L * i, ORDER);
            tanh(v).intoMemorySegment(out, outOffset + 8L * i, ORDER);
        }
    }

    /// {@return tanh x in each lane}
    static DoubleVector tanh(DoubleVector x) {
        DoubleVector size = x.abs();
        DoubleVector magnitude =
                large(size).blend(small(size), size.compare(VectorOperators.LT, 0.625));
        return magnitude
                .reinterpretAsLongs()
                .or(x.reinterpretAsLongs().and(1L << 63))
                .reinterpretAsDoubles();
    }

    private static DoubleVector small(DoubleVector x) {
        DoubleVector square = x.mul(x);
        DoubleVector p = constant(-0x1.edc5baafd6f4bp-1);
        p = p.fma(square, constant(-0x1.8d26a0e26682dp6));
        p = p.fma(square, constant(-0x1.93ac030580563p10));
        DoubleVector q = square.add(0x1.c33f28a581b86p6);
        q = q.fma(square, constant(0x1.176fa0e5535fap11));
        q = q.fma(square, constant(0x1.2ec102442040cp12));
        return p.div(q).fma(square.mul(x), x);
    }

    private static DoubleVector large(DoubleVector x) {
        DoubleVector e = Float64Exp.exp(x.add(x));
        return constant(1).sub(constant(2).div(e.add(1.0)));
    }

    private static DoubleVector constant(double c) {
        return DoubleVector.broadcast(SPECIES, c);
    }
}
