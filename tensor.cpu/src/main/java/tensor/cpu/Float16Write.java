package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// `out = (float16) x` of float32, rounded to nearest, ties to even; every NaN becomes `0x7E00`.
///
/// From 2⁻¹⁴ on the bits below are rounded away by an addition of integers, in which a carry steps into the exponent.
/// Below it adding 0.5 does it: the last bit of the sum stands for 2⁻²⁴, the least number of float16.
final class Float16Write implements UnaryKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = FLOATS.length();
    private static final int LEAST_NORMAL = Float.floatToRawIntBits(0x1p-14f);
    private static final int TOO_GREAT = Float.floatToRawIntBits(0x1p16f);
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final int HALF = Float.floatToRawIntBits(0.5f);

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = FloatVector.fromMemorySegment(FLOATS, source, 4L * i, ORDER);
            IntVector bits = v.reinterpretAsInts();
            IntVector size = bits.and(Integer.MAX_VALUE);
            IntVector sign = bits.lanewise(VectorOperators.LSHR, 16).and(0x8000);
            IntVector half =
                    rounded(size)
                            .blend(small(v.abs()), size.lt(LEAST_NORMAL))
                            .blend(0x7C00, size.compare(VectorOperators.GE, TOO_GREAT))
                            .or(sign)
                            .blend(0x7E00, size.compare(VectorOperators.GT, INFINITY));
            half.convertShape(VectorOperators.I2S, SHORTS, 0)
                    .intoMemorySegment(target, 2L * i, ORDER);
        }
    }

    private static IntVector rounded(IntVector size) {
        IntVector odd = size.lanewise(VectorOperators.LSHR, 13).and(1);
        return size.sub(112 << 23).add(0xFFF).add(odd).lanewise(VectorOperators.LSHR, 13);
    }

    private static IntVector small(FloatVector size) {
        return size.add(0.5f).reinterpretAsInts().sub(HALF);
    }
}
