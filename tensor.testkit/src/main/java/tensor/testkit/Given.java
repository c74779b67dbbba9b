package tensor.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Backend;
import tensor.spi.Operand;
import tensor.spi.Storage;

/// An input of a case: the contents of a storage and how the operation sees it, for any backend.
///
/// @param dtype the type of the elements
/// @param host all elements of the storage
/// @param layout where the operand lies in it
record Given(DType dtype, MemorySegment host, Layout layout) {

    /// {@return an operand of a shape, arranged somehow}
    static Given of(Values values, DType dtype, Shape shape, Arrangement arrangement, long seed) {
        Layout layout = arrangement.of(shape);
        return new Given(dtype, values.make(dtype, Arrangement.storageSize(layout), seed), layout);
    }

    /// {@return a dense operand with these positions}
    static Given index(Shape shape, long... numbers) {
        return integers(DType.INT64, shape, numbers);
    }

    /// {@return a dense operand with these integers}
    static Given integers(DType dtype, Shape shape, long... numbers) {
        MemorySegment host = Values.memory(dtype, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            Values.set(host, dtype, i, dtype.bits(numbers[i]));
        }
        return new Given(dtype, host, Layout.contiguous(shape));
    }

    /// {@return the same without signs, for judging errors of sums}
    Given absolute() {
        MemorySegment copy = Values.memory(dtype, host.byteSize() / dtype.byteSize());
        copy.copyFrom(host);
        for (long at = 0; at < copy.byteSize(); at += dtype.byteSize()) {
            switch (dtype) {
                case FLOAT32 ->
                        copy.set(
                                ValueLayout.JAVA_FLOAT,
                                at,
                                Math.abs(copy.get(ValueLayout.JAVA_FLOAT, at)));
                case FLOAT64 ->
                        copy.set(
                                ValueLayout.JAVA_DOUBLE,
                                at,
                                Math.abs(copy.get(ValueLayout.JAVA_DOUBLE, at)));
                case FLOAT16, BFLOAT16, INT64, INT32, UINT8, BOOL -> {} // these are exact
            }
        }
        return new Given(dtype, copy, layout);
    }

    /// {@return this operand in the memory of a backend}
    Operand on(Backend backend) {
        Storage storage = backend.allocate(dtype, host.byteSize() / dtype.byteSize());
        backend.upload(host, storage);
        return new Operand(storage, layout);
    }

    /// {@return the same elements in the memory of a backend, dense}
    Operand denseOn(Backend backend) {
        Operand dense =
                new Operand(
                        backend.allocate(dtype, layout.shape().elementCount()),
                        Layout.contiguous(layout.shape()));
        backend.copy(on(backend), dense);
        return dense;
    }

    @Override
    public String toString() {
        return dtype + " " + layout;
    }
}
