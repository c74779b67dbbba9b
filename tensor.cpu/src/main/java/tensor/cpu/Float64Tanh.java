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

    static final DoubleVector C1 = constant(-0x1.edc5baafd6f4bp-1);
    static final DoubleVector C2 = constant(-0x1.8d26a0e26682dp6);
    static final DoubleVector C3 = constant(-0x1.93ac030580563p10);
    static final DoubleVector C4 = constant(0x1.176fa0e5535fap11);
    static final DoubleVector C5 = constant(0x1.2ec102442040cp12);
    static final DoubleVector ONE = constant(1);
    static final DoubleVector TWO = constant(2);
    static final DoubleVector C6 = constant(0x1.c33f28a581b86p6);

    static final DoubleVector HIGHEST = constant(700.0);
    static final DoubleVector HALF_HIGHEST = constant(350.0);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            DoubleVector v = DoubleVector.fromMemorySegment(SPECIES, source, 8L * i, ORDER);
            tanh(v).intoMemorySegment(target, 8L * i, ORDER);
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
        DoubleVector p = C1;
        p = p.fma(square, C2);
        p = p.fma(square, C3);
        DoubleVector q = square.add(C6);
        q = q.fma(square, C4);
        q = q.fma(square, C5);
        return p.div(q).fma(square.mul(x), x);
    }

    /// 1 long before the exponential is infinite.
    private static DoubleVector large(DoubleVector x) {
        DoubleVector twice = x.add(x).blend(HIGHEST, x.compare(VectorOperators.GT, HALF_HIGHEST));
        DoubleVector e = Float64Exp.inner(twice);
        return ONE.sub(TWO.div(e.add(ONE)));
    }

    private static DoubleVector constant(double c) {
        return DoubleVector.broadcast(SPECIES, c);
    }
}
