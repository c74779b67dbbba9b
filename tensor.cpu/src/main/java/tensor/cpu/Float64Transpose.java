package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Transposes square blocks of float64, as long and wide as a vector.
///
/// Zipping the lines of the first half with those of the second moves one bit of the line's number to the number of the
/// lane, and one back; after as many rounds as the numbers have bits, lines are columns. The first round reads the lines
/// where they lie.
/// **Threads.** One at a time.
final class Float64Transpose implements Panels.Transpose {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Double> LOW = VectorShuffle.fromOp(SPECIES, i -> i / 2);
    private static final VectorShuffle<Double> HIGH =
            VectorShuffle.fromOp(SPECIES, i -> (i + LANES) / 2);
    private static final VectorMask<Double> ODD =
            VectorMask.fromLong(SPECIES, 0xAAAA_AAAA_AAAA_AAAAL);

    private double[] block = new double[LANES * LANES];
    private double[] spare = new double[LANES * LANES];

    @Override
    public void run(
            MemorySegment from, long[] lines, MemorySegment to, long at, long step, int count) {
        MemorySegment source = Native.slice(from, 0);
        MemorySegment target = Native.slice(to, 0);
        for (int i = 0; i < LANES / 2; i++) {
            zip(
                    DoubleVector.fromMemorySegment(SPECIES, source, lines[i], ORDER),
                    DoubleVector.fromMemorySegment(SPECIES, source, lines[i + LANES / 2], ORDER),
                    block,
                    2 * i * LANES);
        }
        for (int rest = LANES / 2; rest > 1; rest /= 2) {
            for (int i = 0; i < LANES * LANES / 2; i += LANES) {
                zip(
                        DoubleVector.fromArray(SPECIES, block, i),
                        DoubleVector.fromArray(SPECIES, block, i + LANES * LANES / 2),
                        spare,
                        2 * i);
            }
            double[] zipped = spare;
            spare = block;
            block = zipped;
        }
        for (int i = 0; i < count; i++) {
            DoubleVector.fromArray(SPECIES, block, i * LANES)
                    .intoMemorySegment(target, at + i * step, ORDER);
        }
    }

    @Override
    public Panels.Transpose another() {
        return new Float64Transpose();
    }

    /// Writes the lanes of both by turns.
    private static void zip(DoubleVector first, DoubleVector second, double[] to, int at) {
        first.rearrange(LOW).blend(second.rearrange(LOW), ODD).intoArray(to, at);
        first.rearrange(HIGH).blend(second.rearrange(HIGH), ODD).intoArray(to, at + LANES);
    }
}
