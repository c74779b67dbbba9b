package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.Operand;
import tensor.spi.Storage;

/// Operands from arrays and back, for tests.
final class Memory {
    private Memory() {}

    static Operand of(Backend backend, Shape shape, float... values) {
        return upload(backend, DType.FLOAT32, shape, MemorySegment.ofArray(values));
    }

    static Operand of(Backend backend, Shape shape, double... values) {
        return upload(backend, DType.FLOAT64, shape, MemorySegment.ofArray(values));
    }

    static Operand of(Backend backend, Shape shape, long... values) {
        return upload(backend, DType.INT64, shape, MemorySegment.ofArray(values));
    }

    /// As many elements as the bytes are.
    static Operand of(Backend backend, DType dtype, byte... bytes) {
        Shape shape = Shape.of(bytes.length / dtype.byteSize());
        return upload(backend, dtype, shape, MemorySegment.ofArray(bytes));
    }

    static Operand empty(Backend backend, DType dtype, Shape shape) {
        Storage storage = backend.allocate(dtype, shape.elementCount());
        return new Operand(storage, Layout.contiguous(shape));
    }

    /// The same memory seen in another layout.
    static Operand view(Operand x, Layout layout) {
        return new Operand(x.storage(), layout);
    }

    static float[] floats(Backend backend, Operand x) {
        float[] values = new float[(int) x.storage().elementCount()];
        backend.download(x.storage(), MemorySegment.ofArray(values));
        return values;
    }

    static double[] doubles(Backend backend, Operand x) {
        double[] values = new double[(int) x.storage().elementCount()];
        backend.download(x.storage(), MemorySegment.ofArray(values));
        return values;
    }

    static long[] longs(Backend backend, Operand x) {
        long[] values = new long[(int) x.storage().elementCount()];
        backend.download(x.storage(), MemorySegment.ofArray(values));
        return values;
    }

    /// One number for the bits of all elements; all NaNs count as one.
    static long digest(Backend backend, Operand x) {
        byte[] bytes = new byte[(int) x.storage().byteSize()];
        MemorySegment host = MemorySegment.ofArray(bytes);
        backend.download(x.storage(), host);
        long hash = 1;
        for (int i = 0; i < x.storage().elementCount(); i++) {
            long bits =
                    switch (x.dtype()) {
                        case FLOAT32 ->
                                Float.floatToIntBits(
                                        host.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i));
                        case FLOAT64 ->
                                Double.doubleToLongBits(
                                        host.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i));
                        case INT64 -> host.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i);
                        case INT32 -> host.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
                        case FLOAT16, BFLOAT16 ->
                                host.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
                        case UINT8, BOOL -> bytes[i];
                    };
            hash = (hash ^ bits) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private static Operand upload(Backend backend, DType dtype, Shape shape, MemorySegment values) {
        Operand operand = empty(backend, dtype, shape);
        backend.upload(values, operand.storage());
        return operand;
    }
}
