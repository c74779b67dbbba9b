package tensor.io;

import java.io.IOException;
import java.util.Arrays;
import tensor.layout.Shape;

/// Checks the sizes that a file gives.
final class Sizes {
    private Sizes() {}

    /// {@return the shape of these sizes, if as many elements can be addressed}
    ///
    /// @param in where they stand
    /// @param at their place there
    static Shape shape(ByteSource in, long at, long... sizes) throws IOException {
        int[] checked = new int[sizes.length];
        long elementCount = 1;
        for (int i = 0; i < sizes.length; i++) {
            boolean fits =
                    sizes[i] >= 0
                            && sizes[i] <= Integer.MAX_VALUE
                            && Math.multiplyHigh(elementCount, sizes[i]) == 0
                            && elementCount * sizes[i] >= 0;
            if (!fits) {
                throw in.fault(
                        at,
                        "the shape is %s, more than can be addressed"
                                .formatted(Shown.of(Arrays.toString(sizes))));
            }
            checked[i] = (int) sizes[i];
            elementCount *= sizes[i];
        }
        return Shape.of(checked);
    }

    /// {@return how many bytes the elements of a shape take; the greatest number if that is more}
    static long bytes(Shape shape, ElementType type) {
        long count = shape.elementCount();
        return count > Long.MAX_VALUE / type.byteSize() ? Long.MAX_VALUE : count * type.byteSize();
    }
}
