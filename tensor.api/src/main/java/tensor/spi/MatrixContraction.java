package tensor.spi;

import java.util.List;
import java.util.stream.Stream;
import tensor.layout.Layout;
import tensor.layout.Shape;

/// A contraction by way of a product of matrices: both inputs are copied so that they are matrices, and the product is
/// copied into the order of the result.
final class MatrixContraction {
    private final Backend backend;
    private final Contraction by;

    MatrixContraction(Backend backend, Contraction by) {
        this.backend = backend;
        this.by = by;
    }

    void run(Operand a, Operand b, Operand out) {
        Operand left = matrices(a, by.left(), by.rows(), by.inner());
        Operand right = matrices(b, by.right(), by.inner(), by.columns());
        List<Integer> order = joined(by.batch(), by.rows(), by.columns());
        Shape ordered = out.layout().permute(axes(by.out(), order)).shape();
        Shape matrices = left.shape().with(-1, right.shape().size(-1));
        Operand product = fresh(out, matrices);

        backend.matMul(left, right, product);

        Layout dense = Layout.contiguous(ordered).permute(axes(order, by.out()));
        backend.copy(new Operand(product.storage(), dense), out);
        for (Operand each : List.of(left, right, product)) {
            each.storage().release("contract");
        }
    }

    /// {@return a dense copy, as a batch of matrices}
    private Operand matrices(
            Operand x, List<Integer> names, List<Integer> rows, List<Integer> columns) {
        Layout ordered = x.layout().permute(axes(names, joined(by.batch(), rows, columns)));
        Operand copy = fresh(x, ordered.shape());
        backend.copy(new Operand(x.storage(), ordered), copy);
        int batches = by.batch().size();
        Shape shape =
                Shape.of(
                        count(ordered.shape(), 0, batches),
                        count(ordered.shape(), batches, rows.size()),
                        count(ordered.shape(), batches + rows.size(), columns.size()));
        return new Operand(copy.storage(), Layout.contiguous(shape));
    }

    private Operand fresh(Operand like, Shape shape) {
        Storage storage = backend.allocate(like.dtype(), shape.elementCount());
        return new Operand(storage, Layout.contiguous(shape));
    }

    private static int count(Shape shape, int first, int axes) {
        int count = 1;
        for (int axis = first; axis < first + axes; axis++) {
            count = Math.multiplyExact(count, shape.size(axis));
        }
        return count;
    }

    private static List<Integer> joined(
            List<Integer> first, List<Integer> second, List<Integer> third) {
        return Stream.of(first, second, third).flatMap(List::stream).toList();
    }

    /// {@return the axes by which what has these names gets them in that order}
    private static int[] axes(List<Integer> names, List<Integer> order) {
        return order.stream().mapToInt(names::indexOf).toArray();
    }
}
