package tensor.cpu.scalar;

/// Whether the lane is chosen.
///
/// @param <E> the type of a lane, boxed
public final class VectorMask<E> {
    final boolean set;

    VectorMask(boolean set) {
        this.set = set;
    }

    public static <E> VectorMask<E> fromLong(VectorSpecies<E> species, long bits) {
        return new VectorMask<>((bits & 1) != 0);
    }

    public long toLong() {
        return set ? 1 : 0;
    }

    public boolean anyTrue() {
        return set;
    }

    public VectorMask<E> and(VectorMask<E> m) {
        return new VectorMask<>(set && m.set);
    }

    public VectorMask<E> not() {
        return new VectorMask<>(!set);
    }

    public <F> VectorMask<F> cast(VectorSpecies<F> species) {
        return new VectorMask<>(set);
    }
}
