package tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// An operand of a matrix product: a batch of matrices, each of which has contiguous rows or contiguous columns.
///
/// An operand without either is copied to memory of the pool, which [#close] gives back.
final class Matrices implements AutoCloseable {
    private final MemorySegment segment;
    private final Layout layout;
    private final int bytes;
    private final MemoryPool.@Nullable Block copy;

    private Matrices(
            MemorySegment segment, Layout layout, int bytes, MemoryPool.@Nullable Block copy) {
        this.segment = segment;
        this.layout = layout;
        this.bytes = bytes;
        this.copy = copy;
    }

    static Matrices of(Operand x, MemoryPool pool, CopyKernel copies) {
        MemorySegment segment = ((CpuStorage) x.storage()).segment();
        int bytes = x.dtype().byteSize();
        Layout layout = x.layout();
        if (isNeighbour(layout, -1) || isNeighbour(layout, -2)) {
            return new Matrices(segment, layout, bytes, null);
        }
        Layout dense = Layout.contiguous(layout.shape());
        MemoryPool.Block block = pool.take(layout.shape().elementCount() * bytes);
        copies.run(segment, layout, block.segment(), dense, bytes);
        return new Matrices(block.segment(), dense, bytes, block);
    }

    private static boolean isNeighbour(Layout layout, int axis) {
        return layout.shape().size(axis) <= 1 || layout.stride(axis) == 1;
    }

    int rows() {
        return layout.shape().size(-2);
    }

    int columns() {
        return layout.shape().size(-1);
    }

    /// {@return whether the whole batch is one and the same matrix}
    boolean isOneMatrix() {
        for (int axis = 0; axis < layout.shape().rank() - 2; axis++) {
            if (layout.shape().size(axis) != 1 && layout.stride(axis) != 0) {
                return false;
            }
        }
        return true;
    }

    /// {@return all rows of the batch as the rows of one matrix, where strides can say that; else this}
    Matrices asOneMatrix() {
        Shape shape = layout.shape();
        long rows = shape.elementCount() / Math.max(1, columns());
        if (shape.rank() == 2 || columns() == 0 || rows > Integer.MAX_VALUE) {
            return this;
        }
        return layout.reshape(Shape.of((int) rows, columns()))
                .filter(one -> isNeighbour(one, -1) || isNeighbour(one, -2))
                .map(one -> new Matrices(segment, one, bytes, null))
                .orElse(this);
    }

    /// {@return the walk over the batch axes of this (its source) and of `other` (its target)} If this is one matrix of
    /// all rows, it has one step.
    Walk batch(Matrices other) {
        int axes = layout.shape().rank() - 2;
        return Walk.of(leading(layout, axes), leading(other.layout, axes));
    }

    private static Layout leading(Layout layout, int axes) {
        Shape shape = Shape.of(Arrays.copyOf(layout.shape().sizes(), axes));
        return Layout.of(shape, Arrays.copyOf(layout.strides(), axes), layout.offset());
    }

    /// {@return the matrix that begins at this place}
    ///
    /// @param place in elements
    MatMulKernel.Matrix at(long place) {
        return new MatMulKernel.Matrix(
                segment,
                place * bytes,
                layout.stride(-2) * bytes,
                layout.stride(-1) * bytes,
                isNeighbour(layout, -1));
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.giveBack();
        }
    }
}
