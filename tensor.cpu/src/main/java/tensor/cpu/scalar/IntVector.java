package tensor.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One int.
public final class IntVector extends Vector<Integer> {
    public static final VectorSpecies<Integer> SPECIES_PREFERRED = new Species();

    final int value;

    IntVector(int value) {
        this.value = value;
    }

    public static IntVector broadcast(VectorSpecies<Integer> species, int e) {
        return new IntVector(e);
    }

    public static IntVector fromMemorySegment(
            VectorSpecies<Integer> species, MemorySegment segment, long offset, ByteOrder order) {
        return new IntVector(segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset));
    }

    public static IntVector fromMemorySegment(
            VectorSpecies<Integer> species,
            MemorySegment segment,
            long offset,
            ByteOrder order,
            VectorMask<Integer> m) {
        return m.set ? fromMemorySegment(species, segment, offset, order) : new IntVector(0);
    }

    @Override
    public void intoMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
        segment.set(ValueLayout.JAVA_INT_UNALIGNED, offset, value);
    }

    public void intoMemorySegment(
            MemorySegment segment, long offset, ByteOrder order, VectorMask<Integer> m) {
        if (m.set) {
            intoMemorySegment(segment, offset, order);
        }
    }

    @Override
    public IntVector lanewise(VectorOperators.Unary op) {
        throw new UnsupportedOperationException("IntVector: " + op);
    }

    @Override
    public IntVector lanewise(VectorOperators.Binary op, Vector<Integer> v) {
        return new IntVector(op.of(value, of(v)));
    }

    @Override
    public IntVector lanewise(VectorOperators.Binary op, long e) {
        return lanewise(op, (int) e);
    }

    public IntVector lanewise(VectorOperators.Binary op, int e) {
        return new IntVector(op.of(value, e));
    }

    @Override
    public VectorMask<Integer> compare(VectorOperators.Comparison op, Vector<Integer> v) {
        return compare(op, of(v));
    }

    public VectorMask<Integer> compare(VectorOperators.Comparison op, int e) {
        return new VectorMask<>(op.of(value, e));
    }

    public VectorMask<Integer> lt(int e) {
        return new VectorMask<>(value < e);
    }

    @Override
    public IntVector blend(Vector<Integer> v, VectorMask<Integer> m) {
        return new IntVector(m.set ? of(v) : value);
    }

    public IntVector blend(int e, VectorMask<Integer> m) {
        return new IntVector(m.set ? e : value);
    }

    public IntVector rearrange(VectorShuffle<Integer> shuffle) {
        return this;
    }

    public IntVector rearrange(VectorShuffle<Integer> shuffle, Vector<Integer> v) {
        return new IntVector(shuffle.second ? of(v) : value);
    }

    public IntVector add(Vector<Integer> v) {
        return new IntVector(value + of(v));
    }

    public IntVector add(int e) {
        return new IntVector(value + e);
    }

    public IntVector sub(Vector<Integer> v) {
        return new IntVector(value - of(v));
    }

    public IntVector sub(int e) {
        return new IntVector(value - e);
    }

    public IntVector and(Vector<Integer> v) {
        return new IntVector(value & of(v));
    }

    public IntVector and(int e) {
        return new IntVector(value & e);
    }

    public IntVector or(Vector<Integer> v) {
        return new IntVector(value | of(v));
    }

    public IntVector or(int e) {
        return new IntVector(value | e);
    }

    public IntVector min(Vector<Integer> v) {
        return new IntVector(Math.min(value, of(v)));
    }

    public IntVector min(int e) {
        return new IntVector(Math.min(value, e));
    }

    public IntVector max(int e) {
        return new IntVector(Math.max(value, e));
    }

    public IntVector neg() {
        return new IntVector(-value);
    }

    public FloatVector reinterpretAsFloats() {
        return new FloatVector(Float.intBitsToFloat(value));
    }

    private static int of(Vector<Integer> v) {
        return ((IntVector) v).value;
    }

    @Override
    int toInt() {
        return value;
    }

    @Override
    long toLong() {
        return value;
    }

    @Override
    float toFloat() {
        return (float) value;
    }

    @Override
    double toDouble() {
        return (double) value;
    }

    private static final class Species implements VectorSpecies<Integer> {
        @Override
        public Class<Integer> elementType() {
            return int.class;
        }

        @Override
        public int elementSize() {
            return Integer.SIZE;
        }

        @Override
        public IntVector fromMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
            return IntVector.fromMemorySegment(this, segment, offset, order);
        }

        @Override
        public IntVector of(Vector<?> number) {
            return new IntVector(number.toInt());
        }

        @Override
        public IntVector ofUnsigned(Vector<?> number) {
            return new IntVector(number.toUnsignedInt());
        }
    }
}
