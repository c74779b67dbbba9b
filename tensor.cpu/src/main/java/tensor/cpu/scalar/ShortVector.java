package tensor.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One short.
public final class ShortVector extends Vector<Short> {
    public static final VectorSpecies<Short> SPECIES_PREFERRED = new Species();

    final short value;

    ShortVector(int value) {
        this.value = (short) value;
    }

    public static ShortVector fromMemorySegment(
            VectorSpecies<Short> species, MemorySegment segment, long offset, ByteOrder order) {
        return new ShortVector(segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset));
    }

    @Override
    public void intoMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
        segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, value);
    }

    @Override
    public ShortVector lanewise(VectorOperators.Unary op) {
        throw new UnsupportedOperationException("ShortVector: " + op);
    }

    @Override
    public ShortVector lanewise(VectorOperators.Binary op, Vector<Short> v) {
        return new ShortVector(op.of(value, of(v)));
    }

    @Override
    public ShortVector lanewise(VectorOperators.Binary op, long e) {
        return new ShortVector(op.of((int) value, (int) e));
    }

    @Override
    public VectorMask<Short> compare(VectorOperators.Comparison op, Vector<Short> v) {
        return new VectorMask<>(op.of(value, of(v)));
    }

    @Override
    public ShortVector blend(Vector<Short> v, VectorMask<Short> m) {
        return new ShortVector(m.set ? of(v) : value);
    }

    private static short of(Vector<Short> v) {
        return ((ShortVector) v).value;
    }

    @Override
    int toInt() {
        return value;
    }

    @Override
    int toUnsignedInt() {
        return Short.toUnsignedInt(value);
    }

    @Override
    long toLong() {
        return value;
    }

    @Override
    float toFloat() {
        return value;
    }

    @Override
    double toDouble() {
        return value;
    }

    private static final class Species implements VectorSpecies<Short> {
        @Override
        public Class<Short> elementType() {
            return short.class;
        }

        @Override
        public int elementSize() {
            return Short.SIZE;
        }

        @Override
        public ShortVector fromMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
            return ShortVector.fromMemorySegment(this, segment, offset, order);
        }

        @Override
        public ShortVector of(Vector<?> number) {
            return new ShortVector(number.toInt());
        }

        @Override
        public ShortVector ofUnsigned(Vector<?> number) {
            return new ShortVector(number.toUnsignedInt());
        }
    }
}
