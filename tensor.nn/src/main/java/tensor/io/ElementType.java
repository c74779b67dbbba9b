package tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import tensor.layout.DType;

/// How numbers stand in a file, and which of our types holds all of them.
enum ElementType {
    BOOL(1, DType.BOOL),
    INT8(1, DType.INT64),
    INT16(2, DType.INT64),
    INT32(4, DType.INT64),
    INT64(8, DType.INT64),
    UINT8(1, DType.INT64),
    UINT16(2, DType.INT64),
    UINT32(4, DType.INT64),
    FLOAT16(2, DType.FLOAT32),
    FLOAT32(4, DType.FLOAT32),
    FLOAT64(8, DType.FLOAT64);

    private final int byteSize;
    private final DType dtype;

    ElementType(int byteSize, DType dtype) {
        this.byteSize = byteSize;
        this.dtype = dtype;
    }

    int byteSize() {
        return byteSize;
    }

    DType dtype() {
        return dtype;
    }

    /// {@return these numbers as those of a [HostTensor] of our type}
    ///
    /// @param file the bytes of the file
    /// @param order of the bytes of a number
    MemorySegment converted(MemorySegment file, ByteOrder order) {
        if (byteSize == dtype.byteSize()) {
            return HostTensor.reordered(file, dtype, order);
        }
        long count = file.byteSize() / byteSize;
        MemorySegment values = HostTensor.allocate(count * dtype.byteSize());
        for (long i = 0; i < count; i++) {
            if (this == FLOAT16) {
                short bits = file.get(JAVA_SHORT_UNALIGNED.withOrder(order), i * Short.BYTES);
                values.set(
                        JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN),
                        i * Float.BYTES,
                        Float.float16ToFloat(bits));
            } else {
                values.set(
                        JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN),
                        i * Long.BYTES,
                        whole(file, i, order));
            }
        }
        return values;
    }

    private long whole(MemorySegment file, long i, ByteOrder order) {
        return switch (this) {
            case INT8 -> file.get(JAVA_BYTE, i);
            case UINT8 -> Byte.toUnsignedLong(file.get(JAVA_BYTE, i));
            case INT16 -> file.get(JAVA_SHORT_UNALIGNED.withOrder(order), i * Short.BYTES);
            case UINT16 ->
                    Short.toUnsignedLong(
                            file.get(JAVA_SHORT_UNALIGNED.withOrder(order), i * Short.BYTES));
            case INT32 -> file.get(JAVA_INT_UNALIGNED.withOrder(order), i * Integer.BYTES);
            case UINT32 ->
                    Integer.toUnsignedLong(
                            file.get(JAVA_INT_UNALIGNED.withOrder(order), i * Integer.BYTES));
            case BOOL, INT64, FLOAT16, FLOAT32, FLOAT64 ->
                    throw new AssertionError(this + " is not widened to int64");
        };
    }
}
