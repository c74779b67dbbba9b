package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = op(a, b)` for one lane-wise operator on one element type. Template: species, operator.
///
/// Each element is rounded once, so the result is that of the scalar operation at every vector width. The last vector
/// runs over into the slack behind the memory instead of being masked.
final class BinaryLoop<E> implements BinaryKernel {
    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final VectorSpecies<?> SPECIES = (VectorSpecies<?>) PARAMETERS.get(0);
    private static final VectorOperators.Binary OP = (VectorOperators.Binary) PARAMETERS.get(1);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final long BYTES = SPECIES.elementSize() / 8;

    @Override
    @SuppressWarnings("unchecked") // both vectors are of the one species
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
        for (int i = 0; i < count; i += LANES) {
            Vector<E> x = species.fromMemorySegment(first, i * BYTES, ORDER);
            Vector<E> y = species.fromMemorySegment(second, i * BYTES, ORDER);
            x.lanewise(OP, y).intoMemorySegment(target, i * BYTES, ORDER);
        }
    }
}
