package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.List;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// `out = condition ? a : b` for elements of one size; their bits pass unchanged. Template: species.
///
/// Eight bytes of the condition, each 0 or 1, are gathered into eight bits of a mask.
final class WhereLoop<E> implements WhereKernel {
    private static final List<?> PARAMETERS = Specialize.parameters(MethodHandles.lookup());
    private static final VectorSpecies<?> SPECIES = (VectorSpecies<?>) PARAMETERS.get(0);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final int STEP = Math.max(LANES, 8);
    private static final long BYTES = SPECIES.elementSize() / 8;
    private static final ValueLayout.OfLong EIGHT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    @SuppressWarnings("unchecked") // E is the element type of the one species
    public void run(
            MemorySegment condition,
            long conditionOffset,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count) {
        MemorySegment choice = Native.slice(condition, conditionOffset);
        MemorySegment first = Native.slice(a, aOffset);
        MemorySegment second = Native.slice(b, bOffset);
        MemorySegment target = Native.slice(out, outOffset);
        VectorSpecies<E> species = (VectorSpecies<E>) SPECIES;
        for (int i = 0; i < count; i += STEP) {
            long bits = 0;
            for (int j = 0; j < STEP; j += 8) {
                long eight = choice.get(EIGHT, i + j);
                bits |= Long.compress(eight, 0x0101_0101_0101_0101L) << j;
            }
            for (int j = 0; j < STEP; j += LANES) {
                long at = (i + j) * BYTES;
                Vector<E> x = species.fromMemorySegment(first, at, ORDER);
                Vector<E> y = species.fromMemorySegment(second, at, ORDER);
                VectorMask<E> mask = VectorMask.fromLong(species, bits >>> j);
                y.blend(x, mask).intoMemorySegment(target, at, ORDER);
            }
        }
    }
}
