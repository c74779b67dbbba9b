package tensor.gpu;

import java.util.Optional;
import tensor.layout.DType;
import tensor.spi.Operand;

/// Computes products of matrices in the order in which the rest is called.
///
/// The order of its sums may depend on the sizes, and on which matrices are transposed, but on nothing else.
public interface ProductLibrary {

    /// Starts products, one for each matrix of a batch: `[rows, inner] × [inner, columns] → [rows, columns]`.
    ///
    /// @param products which, of at least one element and one term
    void multiply(Products products);

    /// What is to be computed.
    ///
    /// @param dtype of all elements
    /// @param count of the batch
    /// @param rows of the results
    /// @param columns of the results
    /// @param inner the axis of the sums
    /// @param a the left matrices
    /// @param b the right ones
    /// @param out where the results go, one after the other in row-major order
    /// @param offset where the first of them begins, in elements
    record Products(
            DType dtype,
            int count,
            int rows,
            int columns,
            int inner,
            Matrices a,
            Matrices b,
            Driver.Memory out,
            long offset) {}

    /// Where matrices lie, in elements.
    ///
    /// @param memory of all
    /// @param offset of the first element
    /// @param next from one matrix to the next, 0 if it is the same
    /// @param isTransposed whether the elements of a column lie together; else those of a row do
    /// @param leading from one row to the next (column, where it is transposed), at least the length of one
    record Matrices(
            Driver.Memory memory, long offset, long next, boolean isTransposed, int leading) {

        /// {@return the matrices of an operand, unless neither their rows nor their columns lie together}
        ///
        /// @param place the axes in front: at most one
        static Optional<Matrices> of(Operand x, Walk.Place place) {
            int rows = x.shape().size(-2);
            int columns = x.shape().size(-1);
            long down = rows == 1 ? columns : x.layout().stride(-2);
            long across = columns == 1 ? rows : x.layout().stride(-1);
            boolean hasRows = (columns == 1 || across == 1) && down >= columns;
            boolean hasColumns = (rows == 1 || down == 1) && across >= rows;
            long leading = hasRows ? down : across;
            if (!(hasRows || hasColumns) || leading > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            long next = place.strides().isEmpty() ? 0 : place.strides().getFirst();
            return Optional.of(
                    new Matrices(
                            GpuBackend.memory(x), place.offset(), next, !hasRows, (int) leading));
        }
    }
}
