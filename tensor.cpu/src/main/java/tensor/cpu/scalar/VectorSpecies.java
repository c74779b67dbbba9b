package tensor.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// The one kind of vector that a type has.
///
/// @param <E> the type, boxed
public interface VectorSpecies<E> {
    Class<E> elementType();

    int elementSize();

    Vector<E> fromMemorySegment(MemorySegment segment, long offset, ByteOrder order);

    /// {@return the number as Java's cast makes it}
    Vector<E> of(Vector<?> number);

    /// {@return the bits as a number without a sign}
    default Vector<E> ofUnsigned(Vector<?> number) {
        throw new UnsupportedOperationException("ofUnsigned: " + elementType());
    }

    default int length() {
        return 1;
    }

    default int vectorBitSize() {
        return elementSize();
    }

    default int vectorByteSize() {
        return elementSize() / 8;
    }

    default VectorSpecies<E> withShape(VectorShape shape) {
        return this;
    }

    default VectorMask<E> indexInRange(int offset, int limit) {
        return new VectorMask<>(0 <= offset && offset < limit);
    }

    default VectorMask<E> indexInRange(long offset, long limit) {
        return new VectorMask<>(0 <= offset && offset < limit);
    }

    @SuppressWarnings("unchecked") // the element type says which it is
    static <E> VectorSpecies<E> of(Class<E> type, VectorShape shape) {
        for (VectorSpecies<?> species :
                new VectorSpecies<?>[] {
                    ByteVector.SPECIES_PREFERRED,
                    ShortVector.SPECIES_PREFERRED,
                    IntVector.SPECIES_PREFERRED,
                    LongVector.SPECIES_PREFERRED,
                    FloatVector.SPECIES_PREFERRED,
                    DoubleVector.SPECIES_PREFERRED
                }) {
            if (species.elementType() == type) {
                return (VectorSpecies<E>) species;
            }
        }
        throw new IllegalArgumentException("VectorSpecies: no vectors of " + type);
    }
}
