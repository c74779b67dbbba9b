package tensor.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One long.
public final class LongVector extends Vector<Long> {
    public static final VectorSpecies<Long> SPECIES_PREFERRED = new Species();

    final long value;

    LongVector(long value) {
        this.value = value;
    }

    public static LongVector broadcast(VectorSpecies<Long> species, long e) {
        return new LongVector(e);
    }

    public static LongVector fromMemorySegment(
            VectorSpecies<Long> species, MemorySegment segment, long offset, ByteOrder order) {
        return new LongVector(segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
    }

    public static LongVector fromMemorySegment(
            VectorSpecies<Long> species,
            MemorySegment segment,
            long offset,
            ByteOrder order,
            VectorMask<Long> m) {
        return m.set ? fromMemorySegment(species, segment, offset, order) : new LongVector(0);
    }

    @Override
    public void intoMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
        segment.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
    }

    public void intoMemorySegment(
            MemorySegment segment, long offset, ByteOrder order, VectorMask<Long> m) {
        if (m.set) {
            intoMemorySegment(segment, offset, order);
        }
    }

    @Override
    public LongVector lanewise(VectorOperators.Unary op) {
        throw new UnsupportedOperationException("LongVector: " + op);
    }

    @Override
    public LongVector lanewise(VectorOperators.Binary op, Vector<Long> v) {
        return new LongVector(op.of(value, of(v)));
    }

    @Override
    public LongVector lanewise(VectorOperators.Binary op, long e) {
        return new LongVector(op.of(value, e));
    }

    @Override
    public VectorMask<Long> compare(VectorOperators.Comparison op, Vector<Long> v) {
        return compare(op, of(v));
    }

    public VectorMask<Long> compare(VectorOperators.Comparison op, long e) {
        return new VectorMask<>(op.of(value, e));
    }

    public VectorMask<Long> lt(long e) {
        return new VectorMask<>(value < e);
    }

    @Override
    public LongVector blend(Vector<Long> v, VectorMask<Long> m) {
        return new LongVector(m.set ? of(v) : value);
    }

    public LongVector blend(long e, VectorMask<Long> m) {
        return new LongVector(m.set ? e : value);
    }

    public LongVector rearrange(VectorShuffle<Long> shuffle) {
        return this;
    }

    public LongVector rearrange(VectorShuffle<Long> shuffle, Vector<Long> v) {
        return new LongVector(shuffle.second ? of(v) : value);
    }

    public LongVector add(Vector<Long> v) {
        return new LongVector(value + of(v));
    }

    public LongVector add(long e) {
        return new LongVector(value + e);
    }

    public LongVector sub(Vector<Long> v) {
        return new LongVector(value - of(v));
    }

    public LongVector sub(long e) {
        return new LongVector(value - e);
    }

    public LongVector and(long e) {
        return new LongVector(value & e);
    }

    public LongVector or(Vector<Long> v) {
        return new LongVector(value | of(v));
    }

    public LongVector or(long e) {
        return new LongVector(value | e);
    }

    public LongVector min(long e) {
        return new LongVector(Math.min(value, e));
    }

    public LongVector max(long e) {
        return new LongVector(Math.max(value, e));
    }

    public LongVector neg() {
        return new LongVector(-value);
    }

    public DoubleVector reinterpretAsDoubles() {
        return new DoubleVector(Double.longBitsToDouble(value));
    }

    private static long of(Vector<Long> v) {
        return ((LongVector) v).value;
    }

    @Override
    int toInt() {
        return (int) value;
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

    private static final class Species implements VectorSpecies<Long> {
        @Override
        public Class<Long> elementType() {
            return long.class;
        }

        @Override
        public int elementSize() {
            return Long.SIZE;
        }

        @Override
        public LongVector fromMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
            return LongVector.fromMemorySegment(this, segment, offset, order);
        }

        @Override
        public LongVector of(Vector<?> number) {
            return new LongVector(number.toLong());
        }
    }
}
