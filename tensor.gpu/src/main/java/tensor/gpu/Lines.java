package tensor.gpu;

import java.util.Arrays;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// An operand as lines along one axis.
///
/// @param memory of the operand
/// @param starts where the first element of each line lies
/// @param step from one element of a line to the next
record Lines(Driver.Memory memory, Layout starts, long step) {

    /// {@return the lines of an operand along one of its axes}
    static Lines along(int axis, Operand x) {
        return new Lines(GpuBackend.memory(x), without(axis, x.layout()), x.layout().stride(axis));
    }

    /// {@return the elements of an operand as lines of one element}
    static Lines single(Operand x) {
        return new Lines(GpuBackend.memory(x), x.layout(), 0);
    }

    /// {@return the layout of what lies at 0 of an axis}
    private static Layout without(int axis, Layout layout) {
        long[] strides = new long[layout.shape().rank() - 1];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = layout.stride(i < axis ? i : i + 1);
        }
        return Layout.of(layout.shape().without(axis), strides, layout.offset());
    }

    /// {@return the first parts of each line, as lines of their own}
    ///
    /// @param count how many
    /// @param length of a part
    Lines parts(long count, long length) {
        return new Lines(memory, withAxis(count, step * length), step);
    }

    /// {@return the first elements of each line, as lines of one element}
    Lines each(long count) {
        return parts(count, 1);
    }

    /// {@return the lines that begin later}
    Lines from(long element) {
        long offset = starts.offset() + element * step;
        return new Lines(memory, Layout.of(starts.shape(), starts.strides(), offset), step);
    }

    private Layout withAxis(long size, long stride) {
        int rank = starts.shape().rank();
        int[] sizes = Arrays.copyOf(starts.shape().sizes(), rank + 1);
        long[] strides = Arrays.copyOf(starts.strides(), rank + 1);
        sizes[rank] = Math.toIntExact(size);
        strides[rank] = stride;
        return Layout.of(Shape.of(sizes), strides, starts.offset());
    }
}
