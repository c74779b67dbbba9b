package tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import tensor.layout.DType;

/// How numbers stand in a file, and the narrowest of our types that holds all of them.
enum ElementType {
    BOOL(1, DType.BOOL),
    INT8(1, DType.INT32),
    INT16(2, DType.INT32),
    INT32(4, DType.INT32),
    INT64(8, DType.INT64),
    UINT8(1, DType.UINT8),
    UINT16(2, DType.INT32),
    UINT32(4, DType.INT64),
    FLOAT16(2, DType.FLOAT16),
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
            long number = number(file, i, order);
            if (dtype == DType.INT32) {
                values.set(
                        JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN),
                        i * Integer.BYTES,
                        (int) number);
            } else {
                values.set(JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN), i * Long.BYTES, number);
            }
        }
        return values;
    }

    private long number(MemorySegment file, long i, ByteOrder order) {
        return switch (this) {
            case INT8 -> file.get(JAVA_BYTE, i);
            case INT16 -> file.get(JAVA_SHORT_UNALIGNED.withOrder(order), i * Short.BYTES);
            case UINT16 ->
                    Short.toUnsignedLong(
                            file.get(JAVA_SHORT_UNALIGNED.withOrder(order), i * Short.BYTES));
            case UINT32 ->
                    Integer.toUnsignedLong(
                            file.get(JAVA_INT_UNALIGNED.withOrder(order), i * Integer.BYTES));
            case BOOL, UINT8, INT32, INT64, FLOAT16, FLOAT32, FLOAT64 ->
                    throw new AssertionError(this + " stands in the file as in our type");
        };
    }
}
