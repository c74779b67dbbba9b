package tensor.api;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import tensor.layout.DType;
import tensor.layout.ShapeException;
import tensor.spi.Operand;

/// Tensors into the host's memory.
final class Host {
    private Host() {}

    /// Writes the elements in row-major order, without gaps.
    static void copyTo(Tensor x, MemorySegment host) {
        x.checkAlive();
        long needed = x.elementCount() * x.dtype().byteSize();
        if (host.byteSize() != needed) {
            throw new ShapeException(
                    "copyTo: "
                            + x.shape()
                            + " "
                            + x.dtype()
                            + " takes "
                            + needed
                            + " bytes, there are "
                            + host.byteSize(),
                    x.shape());
        }
        Tensor dense = x.fillsItsStorage() ? x : x.detach().copy();
        try {
            x.device().backend().download(dense.data().storage(), host);
        } finally {
            Reference.reachabilityFence(dense);
        }
        if (dense != x) {
            dense.data().storage().release("copyTo");
        }
    }

    /// {@return new memory on another device with the elements of `x`}
    static Operand transfer(Tensor x, Device to) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(x.elementCount() * x.dtype().byteSize(), 64);
            copyTo(x, host);
            Operand out = Dispatch.fresh(to, x.dtype(), x.shape());
            to.backend().upload(host, out.storage());
            to.backend().synchronize(); // the host memory goes away now
            return out;
        }
    }

    static float[] floats(Tensor x) {
        require(x, "toFloats", DType.FLOAT32);
        float[] values = new float[length(x, "toFloats")];
        copyTo(x, MemorySegment.ofArray(values));
        return values;
    }

    static double[] doubles(Tensor x) {
        if (x.dtype() == DType.FLOAT32) {
            float[] narrow = floats(x);
            double[] wide = new double[narrow.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = narrow[i];
            }
            return wide;
        }
        require(x, "toDoubles", DType.FLOAT64);
        double[] values = new double[length(x, "toDoubles")];
        copyTo(x, MemorySegment.ofArray(values));
        return values;
    }

    static long[] longs(Tensor x) {
        if (x.dtype() != DType.INT64 && x.dtype().isInteger()) {
            return longs(x.cast(DType.INT64));
        }
        require(x, "toLongs", DType.INT64);
        long[] values = new long[length(x, "toLongs")];
        copyTo(x, MemorySegment.ofArray(values));
        return values;
    }

    static int[] ints(Tensor x) {
        require(x, "toInts", DType.INT32);
        int[] values = new int[length(x, "toInts")];
        copyTo(x, MemorySegment.ofArray(values));
        return values;
    }

    static byte[] bytes(Tensor x) {
        require(x, "toBytes", DType.UINT8);
        byte[] values = new byte[length(x, "toBytes")];
        copyTo(x, MemorySegment.ofArray(values));
        return values;
    }

    static boolean[] booleans(Tensor x) {
        require(x, "toBooleans", DType.BOOL);
        byte[] bytes = new byte[length(x, "toBooleans")];
        copyTo(x, MemorySegment.ofArray(bytes));
        boolean[] values = new boolean[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] != 0;
        }
        return values;
    }

    static double item(Tensor x) {
        return x.dtype().value(single(x, "item"));
    }

    static long itemLong(Tensor x) {
        if (x.dtype() != DType.INT64 && x.dtype().isInteger()) {
            return (long) x.dtype().value(single(x, "itemLong"));
        }
        require(x, "itemLong", DType.INT64);
        return single(x, "itemLong");
    }

    /// {@return the bits of the one element}
    private static long single(Tensor x, String where) {
        if (x.elementCount() != 1) {
            throw new ShapeException(
                    where
                            + ": "
                            + x.shape()
                            + " has "
                            + x.elementCount()
                            + " elements; it takes exactly one",
                    x.shape());
        }
        MemorySegment host = MemorySegment.ofArray(new long[1]).asSlice(0, x.dtype().byteSize());
        copyTo(x, host);
        return switch (x.dtype().byteSize()) {
            case 1 -> host.get(ValueLayout.JAVA_BYTE, 0);
            case 2 -> host.get(ValueLayout.JAVA_SHORT, 0);
            case 4 -> host.get(ValueLayout.JAVA_INT, 0);
            default -> host.get(ValueLayout.JAVA_LONG, 0);
        };
    }

    private static int length(Tensor x, String where) {
        if (x.elementCount() > Integer.MAX_VALUE) {
            throw new ShapeException(
                    "%s: %s has %d elements, an array has up to %d; use copyTo or slices"
                            .formatted(where, x.shape(), x.elementCount(), Integer.MAX_VALUE),
                    x.shape());
        }
        return (int) x.elementCount();
    }

    private static void require(Tensor x, String where, DType dtype) {
        if (x.dtype() != dtype) {
            throw new IllegalArgumentException(
                    where + ": the tensor is " + x.dtype() + "; cast it to " + dtype + " first");
        }
    }
}
