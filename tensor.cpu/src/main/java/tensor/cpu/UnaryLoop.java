package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = op(x)` for one lane-wise operator on one element type. Template: species, operator.
///
/// For operators that IEEE 754 rounds correctly (negation, square root), so every vector width gives the same bits.
final class UnaryLoop<E> implements UnaryKernel {
    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final VectorSpecies<?> SPECIES = (VectorSpecies<?>) PARAMETERS.get(0);
    private static final VectorOperators.Unary OP = (VectorOperators.Unary) PARAMETERS.get(1);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final long BYTES = SPECIES.elementSize() / 8;

    @Override
    @SuppressWarnings("unchecked") // E is the element type of the one species
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        VectorSpecies<E> species = (VectorSpecies<E>) SPECIES;
        for (int i = 0; i < count; i += LANES) {
            Vector<E> v = species.fromMemorySegment(source, i * BYTES, ORDER);
            v.lanewise(OP).intoMemorySegment(target, i * BYTES, ORDER);
        }
    }
}
