package tensor.api;

import java.lang.foreign.MemorySegment;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;
import tensor.spi.Operand;

/// Tensors out of nothing: filled, random, or from the host's memory.
final class Sources {
    private Sources() {}

    static Tensor fill(Device device, Shape shape, DType dtype, long bits) {
        Operand out = Dispatch.fresh(device, dtype, shape);
        device.backend().fill(out, bits);
        return Tensor.made(device, out, null);
    }

    static Tensor zeros(Tensor like) {
        return fill(like.device(), like.shape(), like.dtype(), 0);
    }

    static Tensor ones(Tensor like) {
        return fill(like.device(), like.shape(), like.dtype(), like.dtype().bits(1));
    }

    /// {@return a scalar that combines with `like`: its device and dtype}
    ///
    /// @param where the operation, first word of the message
    /// @throws IllegalArgumentException if `like` is bool or for storage, or integers, of which `value` is none
    static Tensor constant(String where, Tensor like, double value) {
        Checks.number(where, like);
        DType dtype = like.dtype();
        long bits = dtype.bits(value);
        if (dtype.isInteger() && dtype.value(bits) != value) {
            throw value != (long) value
                    ? new IllegalArgumentException(
                            "%s: %s is no integer, the tensor is %s; cast it to float32 or float64"
                                    .formatted(where, value, dtype))
                    : outside(where, (long) value, dtype);
        }
        return fill(like.device(), Shape.scalar(), dtype, bits);
    }

    /// {@return a scalar that combines with `like`: its device and dtype}
    ///
    /// @param where the operation, first word of the message
    /// @throws IllegalArgumentException if `like` is bool or for storage, or integers that do not reach `value`
    static Tensor constant(String where, Tensor like, long value) {
        Checks.number(where, like);
        DType dtype = like.dtype();
        long bits = bits(value, dtype);
        if (dtype.isInteger() && dtype != DType.INT64 && dtype.value(bits) != value) {
            throw outside(where, value, dtype);
        }
        return fill(like.device(), Shape.scalar(), dtype, bits);
    }

    private static IllegalArgumentException outside(String where, long value, DType dtype) {
        return new IllegalArgumentException(
                "%s: %d does not fit %s, which holds %d to %d; cast the tensor to int64"
                        .formatted(
                                where,
                                value,
                                dtype,
                                (long) dtype.value(dtype.bits(-Double.MAX_VALUE)),
                                (long) dtype.value(dtype.bits(Double.MAX_VALUE))));
    }

    /// {@return the element that is nearest to a number, rounded once}
    static long bits(long value, DType dtype) {
        return switch (dtype) {
            case INT32, UINT8 -> dtype.bits((double) value);
            case FLOAT32, FLOAT64, FLOAT16, BFLOAT16, INT64, BOOL -> dtype.bits(value);
        };
    }

    static Tensor upload(MemorySegment host, Shape shape, DType dtype) {
        long needed = shape.elementCount() * dtype.byteSize();
        if (host.byteSize() != needed) {
            throw new ShapeException(
                    "from: "
                            + shape
                            + " "
                            + dtype
                            + " takes "
                            + needed
                            + " bytes, there are "
                            + host.byteSize(),
                    shape);
        }
        Device device = Device.current();
        Operand out = Dispatch.fresh(device, dtype, shape);
        device.backend().upload(host, out.storage());
        return Tensor.made(device, out, null);
    }

    /// Checks that an array has as many elements as a shape.
    static void count(int length, Shape shape) {
        if (length != shape.elementCount()) {
            throw new ShapeException(
                    "of: "
                            + shape
                            + " has "
                            + shape.elementCount()
                            + " elements, there are "
                            + length,
                    shape);
        }
    }

    static MemorySegment bytes(boolean[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return MemorySegment.ofArray(bytes);
    }

    static Tensor arange(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("arange: %d numbers; use 0 or more".formatted(n));
        }
        return arange(0, n, 1);
    }

    static Tensor arange(long start, long end, long step) {
        long[] numbers = new long[count(start, end, step)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = start + i * step;
        }
        return upload(MemorySegment.ofArray(numbers), Shape.of(numbers.length), DType.INT64);
    }

    private static int count(long start, long end, long step) {
        if (step == 0) {
            throw new IllegalArgumentException("arange: the step is 0; use another number");
        }
        if (step > 0 ? start >= end : start <= end) {
            return 0;
        }
        // the distance and the size of the step as numbers without sign, which may have 64 bits
        long distance = step > 0 ? end - start : start - end;
        long count = Long.divideUnsigned(distance - 1, Math.abs(step)) + 1;
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "arange: %d to %d by %d are %s numbers; an axis has up to %d"
                            .formatted(
                                    start,
                                    end,
                                    step,
                                    Long.toUnsignedString(count),
                                    Integer.MAX_VALUE));
        }
        return (int) count;
    }

    static Tensor uniform(RandomKey key, Shape shape, DType dtype) {
        Device device = Device.current();
        Operand out = Dispatch.fresh(device, dtype, shape);
        Tensor result = Tensor.made(device, out, null);
        Checks.floating("uniform", result);
        device.backend().random(key.key(), key.stream(), out);
        return result;
    }

    /// Box and Muller: a point in the plane with a normal coordinate from its distance and its
    /// direction.
    static Tensor normal(RandomKey key, Shape shape, DType dtype) {
        Tensor above0 = uniform(key.fold("distance"), shape, dtype).neg().add(1); // in (0, 1]
        Tensor direction = uniform(key.fold("direction"), shape, dtype).mul(2 * Math.PI);
        return above0.log().mul(-2).sqrt().mul(direction.cos());
    }
}
