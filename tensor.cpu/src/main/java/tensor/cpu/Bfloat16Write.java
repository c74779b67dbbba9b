package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// `out = (bfloat16) x` of float32, rounded to nearest, ties to even; every NaN becomes `0x7FC0`.
///
/// The lower half of the bits is rounded away by an addition of integers, in which a carry steps into the exponent.
final class Bfloat16Write implements UnaryKernel {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = INTS.length();
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            IntVector bits = IntVector.fromMemorySegment(INTS, source, 4L * i, ORDER);
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            IntVector rounded = bits.add(0x7FFF).add(odd).lanewise(VectorOperators.LSHR, 16);
            IntVector size = bits.and(Integer.MAX_VALUE);
            rounded.blend(0x7FC0, size.compare(VectorOperators.GT, INFINITY))
                    .convertShape(VectorOperators.I2S, SHORTS, 0)
                    .intoMemorySegment(target, 2L * i, ORDER);
        }
    }
}
