package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// `out = (float) x` of float16, exact: the bits moved to where float32 has them, times 2¹¹², the difference of the
/// exponents' biases.
final class Float16Read implements UnaryKernel {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = INTS.length();
    private static final int INFINITY = 0x7C00;

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            IntVector half =
                    (IntVector)
                            ShortVector.fromMemorySegment(SHORTS, source, 2L * i, ORDER)
                                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
            IntVector size = half.and(0x7FFF);
            FloatVector scaled = size.lanewise(VectorOperators.LSHL, 13).reinterpretAsFloats();
            IntVector bits = scaled.mul(0x1p112f).reinterpretAsInts();
            IntVector special = bits.or(0x7F80_0000);
            IntVector sign = half.and(0x8000).lanewise(VectorOperators.LSHL, 16);
            bits.blend(special, size.compare(VectorOperators.GE, INFINITY))
                    .or(sign)
                    .intoMemorySegment(target, 4L * i, ORDER);
        }
    }
}
