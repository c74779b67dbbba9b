package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Transposes square blocks of float64, as long and wide as a vector.
///
/// Zipping the lines of the first half with those of the second moves one bit of the line's number to the number of the
/// lane, and one back; after as many rounds as the numbers have bits, lines are columns.
/// **Threads.** One at a time.
final class Float64Transpose implements Panels.Transpose {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Double> LOW = VectorShuffle.makeZip(SPECIES, 0);
    private static final VectorShuffle<Double> HIGH = VectorShuffle.makeZip(SPECIES, 1);

    private double[] block = new double[LANES * LANES];
    private double[] spare = new double[LANES * LANES];

    @Override
    public void load(int line, MemorySegment from, long at) {
        DoubleVector.fromMemorySegment(SPECIES, from, at, ORDER).intoArray(block, line * LANES);
    }

    @Override
    public void run() {
        for (int rest = LANES; rest > 1; rest /= 2) {
            zip(block, spare);
            double[] zipped = spare;
            spare = block;
            block = zipped;
        }
    }

    private static void zip(double[] from, double[] to) {
        for (int i = 0; i < LANES * LANES / 2; i += LANES) {
            DoubleVector first = DoubleVector.fromArray(SPECIES, from, i);
            DoubleVector second = DoubleVector.fromArray(SPECIES, from, i + LANES * LANES / 2);
            first.rearrange(LOW, second).intoArray(to, 2 * i);
            first.rearrange(HIGH, second).intoArray(to, 2 * i + LANES);
        }
    }

    @Override
    public void store(int lines, MemorySegment to, long at, long step) {
        for (int i = 0; i < lines; i++) {
            DoubleVector.fromArray(SPECIES, block, i * LANES)
                    .intoMemorySegment(to, at + i * step, ORDER);
        }
    }
}
