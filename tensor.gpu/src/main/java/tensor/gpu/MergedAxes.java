package tensor.gpu;

import java.util.OptionalLong;
import tensor.layout.Layout;

/// Neighbouring axes of a layout as one.
final class MergedAxes {
    private MergedAxes() {}

    /// {@return from one element of these axes to the next, in row-major order; nothing where that is no one number}
    ///
    /// @param axes in row-major order
    static OptionalLong stride(Layout layout, int... axes) {
        long stride = 0;
        long next = 0; // the stride that the axis before must have
        boolean isLast = true;
        for (int i = axes.length - 1; i >= 0; i--) {
            long size = layout.shape().size(axes[i]);
            if (size == 1) {
                continue;
            }
            if (isLast) {
                stride = layout.stride(axes[i]);
            } else if (layout.stride(axes[i]) != next) {
                return OptionalLong.empty();
            }
            isLast = false;
            next = layout.stride(axes[i]) * size;
        }
        return OptionalLong.of(stride);
    }
}
