package tensor.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One byte.
public final class ByteVector extends Vector<Byte> {
    public static final VectorSpecies<Byte> SPECIES_PREFERRED = new Species();

    final byte value;

    ByteVector(int value) {
        this.value = (byte) value;
    }

    public static ByteVector fromMemorySegment(
            VectorSpecies<Byte> species, MemorySegment segment, long offset, ByteOrder order) {
        return new ByteVector(segment.get(ValueLayout.JAVA_BYTE, offset));
    }

    @Override
    public void intoMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
        segment.set(ValueLayout.JAVA_BYTE, offset, value);
    }

    @Override
    public ByteVector lanewise(VectorOperators.Unary op) {
        throw new UnsupportedOperationException("ByteVector: " + op);
    }

    @Override
    public ByteVector lanewise(VectorOperators.Binary op, Vector<Byte> v) {
        return new ByteVector(op.of(value, of(v)));
    }

    @Override
    public ByteVector lanewise(VectorOperators.Binary op, long e) {
        return new ByteVector(op.of((int) value, (int) e));
    }

    @Override
    public VectorMask<Byte> compare(VectorOperators.Comparison op, Vector<Byte> v) {
        return new VectorMask<>(op.of(value, of(v)));
    }

    @Override
    public ByteVector blend(Vector<Byte> v, VectorMask<Byte> m) {
        return new ByteVector(m.set ? of(v) : value);
    }

    private static byte of(Vector<Byte> v) {
        return ((ByteVector) v).value;
    }

    @Override
    int toInt() {
        return value;
    }

    @Override
    int toUnsignedInt() {
        return Byte.toUnsignedInt(value);
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

    private static final class Species implements VectorSpecies<Byte> {
        @Override
        public Class<Byte> elementType() {
            return byte.class;
        }

        @Override
        public int elementSize() {
            return Byte.SIZE;
        }

        @Override
        public ByteVector fromMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
            return ByteVector.fromMemorySegment(this, segment, offset, order);
        }

        @Override
        public ByteVector of(Vector<?> number) {
            return new ByteVector(number.toInt());
        }
    }
}
