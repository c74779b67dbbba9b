package tensor.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// One number.
///
/// @param <E> its type, boxed
public abstract class Vector<E> {
    Vector() {}

    public abstract void intoMemorySegment(MemorySegment segment, long offset, ByteOrder order);

    public abstract Vector<E> lanewise(VectorOperators.Unary op);

    public abstract Vector<E> lanewise(VectorOperators.Binary op, Vector<E> v);

    public abstract Vector<E> lanewise(VectorOperators.Binary op, long e);

    public abstract VectorMask<E> compare(VectorOperators.Comparison op, Vector<E> v);

    public abstract Vector<E> blend(Vector<E> v, VectorMask<E> m);

    /// The number in another type; `part` is 0, for one lane has no parts.
    public final <F> Vector<F> convertShape(
            VectorOperators.Conversion<E, F> conversion, VectorSpecies<F> species, int part) {
        return conversion.isUnsigned() ? species.ofUnsigned(this) : species.of(this);
    }

    /// The number as Java's cast makes it.
    abstract int toInt();

    /// The number as Java's cast makes it.
    abstract long toLong();

    /// The number as Java's cast makes it.
    abstract float toFloat();

    /// The number as Java's cast makes it.
    abstract double toDouble();

    /// The bits as a number without a sign.
    int toUnsignedInt() {
        return toInt();
    }
}
