package tensor.cpu.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One float.
public final class FloatVector extends Vector<Float> {
    public static final VectorSpecies<Float> SPECIES_PREFERRED = new Species();

    final float value;

    FloatVector(float value) {
        this.value = value;
    }

    public static FloatVector zero(VectorSpecies<Float> species) {
        return new FloatVector(0);
    }

    public static FloatVector broadcast(VectorSpecies<Float> species, float e) {
        return new FloatVector(e);
    }

    public static FloatVector fromArray(VectorSpecies<Float> species, float[] from, int at) {
        return new FloatVector(from[at]);
    }

    public void intoArray(float[] to, int at) {
        to[at] = value;
    }

    public float[] toArray() {
        return new float[] {value};
    }

    public static FloatVector fromMemorySegment(
            VectorSpecies<Float> species, MemorySegment segment, long offset, ByteOrder order) {
        return new FloatVector(segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset));
    }

    @Override
    public void intoMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
        segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, value);
    }

    public void intoMemorySegment(
            MemorySegment segment, long offset, ByteOrder order, VectorMask<Float> m) {
        if (m.set) {
            intoMemorySegment(segment, offset, order);
        }
    }

    @Override
    public FloatVector lanewise(VectorOperators.Unary op) {
        return new FloatVector(op.of(value));
    }

    @Override
    public FloatVector lanewise(VectorOperators.Binary op, Vector<Float> v) {
        return new FloatVector(op.of(value, of(v)));
    }

    @Override
    public FloatVector lanewise(VectorOperators.Binary op, long e) {
        return new FloatVector(op.of(value, (float) e));
    }

    @Override
    public VectorMask<Float> compare(VectorOperators.Comparison op, Vector<Float> v) {
        return new VectorMask<>(op.of(value, of(v)));
    }

    public VectorMask<Float> compare(VectorOperators.Comparison op, float e) {
        return new VectorMask<>(op.of(value, e));
    }

    public VectorMask<Float> compare(VectorOperators.Comparison op, long e) {
        return new VectorMask<>(op.of(value, (float) e));
    }

    @Override
    public FloatVector blend(Vector<Float> v, VectorMask<Float> m) {
        return new FloatVector(m.set ? of(v) : value);
    }

    public FloatVector blend(float e, VectorMask<Float> m) {
        return new FloatVector(m.set ? e : value);
    }

    public FloatVector blend(long e, VectorMask<Float> m) {
        return new FloatVector(m.set ? (float) e : value);
    }

    public FloatVector rearrange(VectorShuffle<Float> shuffle) {
        return this;
    }

    public FloatVector rearrange(VectorShuffle<Float> shuffle, Vector<Float> v) {
        return new FloatVector(shuffle.second ? of(v) : value);
    }

    public FloatVector add(Vector<Float> v) {
        return new FloatVector(value + of(v));
    }

    public FloatVector add(float e) {
        return new FloatVector(value + e);
    }

    public FloatVector sub(Vector<Float> v) {
        return new FloatVector(value - of(v));
    }

    public FloatVector sub(float e) {
        return new FloatVector(value - e);
    }

    public FloatVector sub(float e, VectorMask<Float> m) {
        return new FloatVector(m.set ? value - e : value);
    }

    public FloatVector mul(Vector<Float> v) {
        return new FloatVector(value * of(v));
    }

    public FloatVector mul(float e) {
        return new FloatVector(value * e);
    }

    public FloatVector mul(float e, VectorMask<Float> m) {
        return new FloatVector(m.set ? value * e : value);
    }

    public FloatVector div(Vector<Float> v) {
        return new FloatVector(value / of(v));
    }

    public FloatVector fma(Vector<Float> b, Vector<Float> c) {
        return new FloatVector(Math.fma(value, of(b), of(c)));
    }

    public FloatVector min(Vector<Float> v) {
        return new FloatVector(Math.min(value, of(v)));
    }

    public FloatVector max(Vector<Float> v) {
        return new FloatVector(Math.max(value, of(v)));
    }

    public FloatVector abs() {
        return new FloatVector(Math.abs(value));
    }

    public FloatVector neg() {
        return new FloatVector(-value);
    }

    public IntVector reinterpretAsInts() {
        return new IntVector(Float.floatToRawIntBits(value));
    }

    private static float of(Vector<Float> v) {
        return ((FloatVector) v).value;
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
        return value;
    }

    @Override
    double toDouble() {
        return value;
    }

    private static final class Species implements VectorSpecies<Float> {
        @Override
        public Class<Float> elementType() {
            return float.class;
        }

        @Override
        public int elementSize() {
            return Float.SIZE;
        }

        @Override
        public FloatVector fromMemorySegment(MemorySegment segment, long offset, ByteOrder order) {
            return FloatVector.fromMemorySegment(this, segment, offset, order);
        }

        @Override
        public FloatVector of(Vector<?> number) {
            return new FloatVector(number.toFloat());
        }
    }
}
