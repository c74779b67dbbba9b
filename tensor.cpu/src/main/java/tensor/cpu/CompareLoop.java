package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = a ? b` for one comparison on one element type; `out` is bool. Template: species, comparison.
///
/// The mask of eight comparisons is spread over the eight bytes of a `long`.
final class CompareLoop<E> implements BinaryKernel {
    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final VectorSpecies<?> SPECIES = (VectorSpecies<?>) PARAMETERS.get(0);
    private static final VectorOperators.Comparison OP =
            (VectorOperators.Comparison) PARAMETERS.get(1);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final int STEP = Math.max(LANES, 8);
    private static final long BYTES = SPECIES.elementSize() / 8;
    private static final ValueLayout.OfLong EIGHT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    @SuppressWarnings("unchecked") // E is the element type of the one species
    public void run(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count) {
        MemorySegment first = Native.slice(a, aOffset);
        MemorySegment second = Native.slice(b, bOffset);
        MemorySegment target = Native.slice(out, outOffset);
        VectorSpecies<E> species = (VectorSpecies<E>) SPECIES;
        for (int i = 0; i < count; i += STEP) {
            long bits = 0;
            for (int j = 0; j < STEP; j += LANES) {
                Vector<E> x = species.fromMemorySegment(first, (i + j) * BYTES, ORDER);
                Vector<E> y = species.fromMemorySegment(second, (i + j) * BYTES, ORDER);
                bits |= x.compare(OP, y).toLong() << j;
            }
            for (int j = 0; j < STEP; j += 8) {
                target.set(EIGHT, i + j, Long.expand(bits >>> j, 0x0101_0101_0101_0101L));
            }
        }
    }
}
