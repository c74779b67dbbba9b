package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Transposes square blocks of float32, as long and wide as a vector.
///
/// Zipping the lines of the first half with those of the second moves one bit of the line's number to the number of the
/// lane, and one back; after as many rounds as the numbers have bits, lines are columns.
/// **Threads.** One at a time.
final class Float32Transpose implements Panels.Transpose {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(SPECIES, 0);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(SPECIES, 1);

    private float[] block = new float[LANES * LANES];
    private float[] spare = new float[LANES * LANES];

    @Override
    public void load(int line, MemorySegment from, long at) {
        FloatVector.fromMemorySegment(SPECIES, from, at, ORDER).intoArray(block, line * LANES);
    }

    @Override
    public void run() {
        for (int rest = LANES; rest > 1; rest /= 2) {
            zip(block, spare);
            float[] zipped = spare;
            spare = block;
            block = zipped;
        }
    }

    private static void zip(float[] from, float[] to) {
        for (int i = 0; i < LANES * LANES / 2; i += LANES) {
            FloatVector first = FloatVector.fromArray(SPECIES, from, i);
            FloatVector second = FloatVector.fromArray(SPECIES, from, i + LANES * LANES / 2);
            first.rearrange(LOW, second).intoArray(to, 2 * i);
            first.rearrange(HIGH, second).intoArray(to, 2 * i + LANES);
        }
    }

    @Override
    public void store(int lines, MemorySegment to, long at, long step) {
        for (int i = 0; i < lines; i++) {
            FloatVector.fromArray(SPECIES, block, i * LANES)
                    .intoMemorySegment(to, at + i * step, ORDER);
        }
    }
}
