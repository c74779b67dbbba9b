package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// `out = (T) x` for one conversion between Java's types, as a cast does it. Template: the species of `x`, that of `out`
/// with as many lanes, the conversion.
final class CastLoop<E, F> implements UnaryKernel {
    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final VectorSpecies<?> FROM = (VectorSpecies<?>) PARAMETERS.get(0);
    private static final VectorSpecies<?> TO = (VectorSpecies<?>) PARAMETERS.get(1);
    private static final VectorOperators.Conversion<?, ?> CAST =
            (VectorOperators.Conversion<?, ?>) PARAMETERS.get(2);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = FROM.length();
    private static final long FROM_BYTES = FROM.elementSize() / 8;
    private static final long TO_BYTES = TO.elementSize() / 8;

    @Override
    @SuppressWarnings("unchecked") // E and F are the element types of the two species
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        MemorySegment source = Native.slice(x, xOffset);
        MemorySegment target = Native.slice(out, outOffset);
        VectorSpecies<E> from = (VectorSpecies<E>) FROM;
        VectorSpecies<F> to = (VectorSpecies<F>) TO;
        VectorOperators.Conversion<E, F> cast = (VectorOperators.Conversion<E, F>) CAST;
        for (int i = 0; i < count; i += LANES) {
            Vector<E> v = from.fromMemorySegment(source, i * FROM_BYTES, ORDER);
            v.convertShape(cast, to, 0).intoMemorySegment(target, i * TO_BYTES, ORDER);
        }
    }
}
