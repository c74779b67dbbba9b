package tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// The values of a tensor as they stand in a file: row-major, little-endian, on the Java heap.
///
/// It belongs to no device and to no scope. Two are equal if type, shape and every byte are equal, so NaN equals
/// NaN and −0 differs from 0.
///
/// @param dtype the type of an element
/// @param shape the sizes of the axes
/// @param bytes the elements, read-only; an element of [DType#BOOL] is one byte, 0 or 1
public record HostTensor(DType dtype, Shape shape, MemorySegment bytes) {
    private static final ValueLayout.OfFloat FLOATS = JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLES =
            JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

    /// What one array of longs can hold.
    static final long MAX_BYTES = 8L * (Integer.MAX_VALUE - 8);

    private static final ValueLayout.OfInt INTS = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONGS = JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

    /// Takes the bytes as they are, without a copy.
    ///
    /// @throws IllegalArgumentException if their number does not fit the shape, or a bool is neither 0 nor 1
    public HostTensor {
        long expected = Math.multiplyExact(shape.elementCount(), (long) dtype.byteSize());
        if (bytes.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "HostTensor: %s %s takes %d bytes, got %d"
                            .formatted(dtype, shape, expected, bytes.byteSize()));
        }
        if (dtype == DType.BOOL) {
            long wrong = firstNotBoolean(bytes);
            if (wrong >= 0) {
                throw new IllegalArgumentException(
                        "HostTensor: element %d of bool %s is %d; a bool is 0 or 1"
                                .formatted(wrong, shape, bytes.get(JAVA_BYTE, wrong)));
            }
        }
        bytes = bytes.asReadOnly();
    }

    /// {@return a float32 host tensor with a copy of these values}
    ///
    /// @param values row after row
    /// @param shape with as many elements as there are values
    public static HostTensor of(float[] values, Shape shape) {
        MemorySegment bytes = allocate((long) Float.BYTES * values.length);
        MemorySegment.copy(values, 0, bytes, FLOATS, 0, values.length);
        return new HostTensor(DType.FLOAT32, shape, bytes);
    }

    /// {@return a float64 host tensor with a copy of these values}
    ///
    /// @param values row after row
    /// @param shape with as many elements as there are values
    public static HostTensor of(double[] values, Shape shape) {
        MemorySegment bytes = allocate((long) Double.BYTES * values.length);
        MemorySegment.copy(values, 0, bytes, DOUBLES, 0, values.length);
        return new HostTensor(DType.FLOAT64, shape, bytes);
    }

    /// {@return an int64 host tensor with a copy of these values}
    ///
    /// @param values row after row
    /// @param shape with as many elements as there are values
    public static HostTensor of(long[] values, Shape shape) {
        MemorySegment bytes = allocate((long) Long.BYTES * values.length);
        MemorySegment.copy(values, 0, bytes, LONGS, 0, values.length);
        return new HostTensor(DType.INT64, shape, bytes);
    }

    /// {@return an int32 host tensor with a copy of these values}
    ///
    /// @param values row after row
    /// @param shape with as many elements as there are values
    public static HostTensor of(int[] values, Shape shape) {
        MemorySegment bytes = allocate((long) Integer.BYTES * values.length);
        MemorySegment.copy(values, 0, bytes, INTS, 0, values.length);
        return new HostTensor(DType.INT32, shape, bytes);
    }

    /// {@return a uint8 host tensor with a copy of these values} They have no sign in it: −1 is 255.
    ///
    /// @param values row after row
    /// @param shape with as many elements as there are values
    public static HostTensor of(byte[] values, Shape shape) {
        MemorySegment bytes = allocate(values.length);
        MemorySegment.copy(values, 0, bytes, JAVA_BYTE, 0, values.length);
        return new HostTensor(DType.UINT8, shape, bytes);
    }

    /// {@return a bool host tensor with a copy of these values}
    ///
    /// @param values row after row
    /// @param shape with as many elements as there are values
    public static HostTensor of(boolean[] values, Shape shape) {
        MemorySegment bytes = allocate(values.length);
        for (int i = 0; i < values.length; i++) {
            bytes.set(JAVA_BYTE, i, (byte) (values[i] ? 1 : 0));
        }
        return new HostTensor(DType.BOOL, shape, bytes);
    }

    /// {@return a copy of the values of `tensor`}
    ///
    /// @param tensor any tensor
    public static HostTensor of(Tensor tensor) {
        MemorySegment bytes = allocate(tensor.elementCount() * tensor.dtype().byteSize());
        tensor.copyTo(bytes);
        return new HostTensor(
                tensor.dtype(),
                tensor.shape(),
                reordered(bytes, tensor.dtype(), ByteOrder.nativeOrder()));
    }

    /// {@return a new tensor with these values on the current device}
    public Tensor tensor() {
        return Tensor.from(reordered(bytes, dtype, ByteOrder.nativeOrder()), shape, dtype);
    }

    /// {@return the values of a float32 tensor}
    ///
    /// @throws IllegalStateException if the type is another
    public float[] toFloats() {
        check(DType.FLOAT32, "toFloats");
        return bytes.toArray(FLOATS);
    }

    /// {@return the values of a float64 tensor}
    ///
    /// @throws IllegalStateException if the type is another
    public double[] toDoubles() {
        check(DType.FLOAT64, "toDoubles");
        return bytes.toArray(DOUBLES);
    }

    /// {@return the values of an int64 tensor}
    ///
    /// @throws IllegalStateException if the type is another
    public long[] toLongs() {
        check(DType.INT64, "toLongs");
        return bytes.toArray(LONGS);
    }

    /// {@return the values of an int32 tensor}
    ///
    /// @throws IllegalStateException if the type is another
    public int[] toInts() {
        check(DType.INT32, "toInts");
        return bytes.toArray(INTS);
    }

    /// {@return the values of a uint8 tensor} 255 is −1 there.
    ///
    /// @throws IllegalStateException if the type is another
    public byte[] toBytes() {
        check(DType.UINT8, "toBytes");
        return bytes.toArray(JAVA_BYTE);
    }

    /// {@return the values of a bool tensor}
    ///
    /// @throws IllegalStateException if the type is another
    public boolean[] toBooleans() {
        check(DType.BOOL, "toBooleans");
        boolean[] values = new boolean[Math.toIntExact(bytes.byteSize())];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.get(JAVA_BYTE, i) != 0;
        }
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostTensor that
                && dtype == that.dtype
                && shape.equals(that.shape)
                && bytes.mismatch(that.bytes) < 0;
    }

    @Override
    public int hashCode() {
        int hash = 31 * dtype.hashCode() + shape.hashCode();
        for (long i = 0; i < bytes.byteSize(); i++) {
            hash = 31 * hash + bytes.get(JAVA_BYTE, i);
        }
        return hash;
    }

    @Override
    public String toString() {
        return "HostTensor " + shape + " " + dtype;
    }

    /// Heap memory in units of 8 bytes, so that every element type lies aligned; up to [#MAX_BYTES].
    static MemorySegment allocate(long byteSize) {
        int longs = Math.toIntExact((byteSize + 7) / 8);
        return MemorySegment.ofArray(new long[longs]).asSlice(0, byteSize);
    }

    /// {@return the index of the first byte that is neither 0 nor 1, or −1}
    static long firstNotBoolean(MemorySegment bytes) {
        for (long i = 0; i < bytes.byteSize(); i++) {
            if ((bytes.get(JAVA_BYTE, i) & ~1) != 0) {
                return i;
            }
        }
        return -1;
    }

    /// Turns values of the byte order `order` into little-endian ones, which is also the way back.
    static MemorySegment reordered(MemorySegment bytes, DType dtype, ByteOrder order) {
        if (order == LITTLE_ENDIAN || dtype.byteSize() == 1) {
            return bytes;
        }
        MemorySegment swapped = allocate(bytes.byteSize());
        ValueLayout in =
                switch (dtype.byteSize()) {
                    case 2 -> JAVA_SHORT_UNALIGNED;
                    case 4 -> JAVA_INT_UNALIGNED;
                    default -> JAVA_LONG_UNALIGNED;
                };
        MemorySegment.copy(
                bytes,
                in.withOrder(order),
                0,
                swapped,
                in.withOrder(LITTLE_ENDIAN),
                0,
                bytes.byteSize() / dtype.byteSize());
        return swapped;
    }

    private void check(DType wanted, String method) {
        if (dtype != wanted) {
            throw new IllegalStateException(
                    "%s: %s holds %s values; this method reads %s"
                            .formatted(method, shape, dtype, wanted));
        }
    }
}
