package tensor.cpu.scalar;

import java.util.function.IntUnaryOperator;

/// Where the lane comes from: 0 is the vector's own, 1 that of a second vector.
///
/// @param <E> the type of a lane, boxed
@SuppressWarnings("UnusedTypeParameter") // for those who use it
public final class VectorShuffle<E> {
    final boolean second;

    private VectorShuffle(int source) {
        this.second = source == 1;
    }

    public static <E> VectorShuffle<E> fromOp(VectorSpecies<E> species, IntUnaryOperator source) {
        return new VectorShuffle<>(source.applyAsInt(0));
    }

    public static <E> VectorShuffle<E> makeZip(VectorSpecies<E> species, int part) {
        return new VectorShuffle<>(part);
    }

    public static <E> VectorShuffle<E> makeUnzip(VectorSpecies<E> species, int part) {
        return new VectorShuffle<>(part);
    }
}
