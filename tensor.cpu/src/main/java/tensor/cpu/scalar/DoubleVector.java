package tensor.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One double.
public final class DoubleVector extends Vector<Double> {
    public static final VectorSpecies<Double> SPECIES_PREFERRED = new Species();

    final double value;

    DoubleVector(double value) {
        this.value = value;
    }

    public static DoubleVector zero(VectorSpecies<Double> species) {
        return new DoubleVector(0);
    }

    public static DoubleVector broadcast(VectorSpecies<Double> species, double e) {
        return new DoubleVector(e);
    }

    public static DoubleVector fromArray(VectorSpecies<Double> species, double[] from, int at) {
        return new DoubleVector(from[at]);
    }

    public void intoArray(double[] to, int at) {
        to[at] = value;
    }

    public double[] toArray() {
        return new double[] {value};
    }

    public static DoubleVector fromMemorySegment(
            VectorSpecies<Double> species, MemorySegment segment, long offset, ByteOrder order) {
        return new DoubleVector(segment.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, offset));
    }

    @Override
    public void intoMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
        segment.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, offset, value);
    }

    public void intoMemorySegment(
            MemorySegment segment, long offset, ByteOrder order, VectorMask<Double> m) {
        if (m.set) {
            intoMemorySegment(segment, offset, order);
        }
    }

    @Override
    public DoubleVector lanewise(VectorOperators.Unary op) {
        return new DoubleVector(op.of(value));
    }

    @Override
    public DoubleVector lanewise(VectorOperators.Binary op, Vector<Double> v) {
        return new DoubleVector(op.of(value, of(v)));
    }

    @Override
    public DoubleVector lanewise(VectorOperators.Binary op, long e) {
        return new DoubleVector(op.of(value, (double) e));
    }

    @Override
    public VectorMask<Double> compare(VectorOperators.Comparison op, Vector<Double> v) {
        return new VectorMask<>(op.of(value, of(v)));
    }

    public VectorMask<Double> compare(VectorOperators.Comparison op, double e) {
        return new VectorMask<>(op.of(value, e));
    }

    public VectorMask<Double> compare(VectorOperators.Comparison op, long e) {
        return new VectorMask<>(op.of(value, (double) e));
    }

    @Override
    public DoubleVector blend(Vector<Double> v, VectorMask<Double> m) {
        return new DoubleVector(m.set ? of(v) : value);
    }

    public DoubleVector blend(double e, VectorMask<Double> m) {
        return new DoubleVector(m.set ? e : value);
    }

    public DoubleVector blend(long e, VectorMask<Double> m) {
        return new DoubleVector(m.set ? (double) e : value);
    }

    public DoubleVector rearrange(VectorShuffle<Double> shuffle) {
        return this;
    }

    public DoubleVector rearrange(VectorShuffle<Double> shuffle, Vector<Double> v) {
        return new DoubleVector(shuffle.second ? of(v) : value);
    }

    public DoubleVector add(Vector<Double> v) {
        return new DoubleVector(value + of(v));
    }

    public DoubleVector add(double e) {
        return new DoubleVector(value + e);
    }

    public DoubleVector sub(Vector<Double> v) {
        return new DoubleVector(value - of(v));
    }

    public DoubleVector sub(double e) {
        return new DoubleVector(value - e);
    }

    public DoubleVector sub(double e, VectorMask<Double> m) {
        return new DoubleVector(m.set ? value - e : value);
    }

    public DoubleVector mul(Vector<Double> v) {
        return new DoubleVector(value * of(v));
    }

    public DoubleVector mul(double e) {
        return new DoubleVector(value * e);
    }

    public DoubleVector mul(double e, VectorMask<Double> m) {
        return new DoubleVector(m.set ? value * e : value);
    }

    public DoubleVector div(Vector<Double> v) {
        return new DoubleVector(value / of(v));
    }

    public DoubleVector fma(Vector<Double> b, Vector<Double> c) {
        return new DoubleVector(Math.fma(value, of(b), of(c)));
    }

    public DoubleVector min(Vector<Double> v) {
        return new DoubleVector(Math.min(value, of(v)));
    }

    public DoubleVector max(Vector<Double> v) {
        return new DoubleVector(Math.max(value, of(v)));
    }

    public DoubleVector abs() {
        return new DoubleVector(Math.abs(value));
    }

    public DoubleVector neg() {
        return new DoubleVector(-value);
    }

    public LongVector reinterpretAsLongs() {
        return new LongVector(Double.doubleToRawLongBits(value));
    }

    private static double of(Vector<Double> v) {
        return ((DoubleVector) v).value;
    }

    @Override
    int toInt() {
        return (int) value;
    }

    @Override
    long toLong() {
        return (long) value;
    }

    @Override
    float toFloat() {
        return (float) value;
    }

    @Override
    double toDouble() {
        return value;
    }

    private static final class Species implements VectorSpecies<Double> {
        @Override
        public Class<Double> elementType() {
            return double.class;
        }

        @Override
        public int elementSize() {
            return Double.SIZE;
        }

        @Override
        public DoubleVector fromMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
            return DoubleVector.fromMemorySegment(this, segment, offset, order);
        }

        @Override
        public DoubleVector of(Vector<?> number) {
            return new DoubleVector(number.toDouble());
        }
    }
}
