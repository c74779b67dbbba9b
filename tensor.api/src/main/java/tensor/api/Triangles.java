package tensor.api;

import java.util.Arrays;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Diagonals of matrices, and what lies on one side of them.
final class Triangles {
    private Triangles() {}

    static Tensor upper(Tensor x, int diagonal) {
        return keep("triu", x, columnMinusRow("triu", x).greaterOrEqual(diagonal));
    }

    static Tensor lower(Tensor x, int diagonal) {
        return keep("tril", x, columnMinusRow("tril", x).lessOrEqual(diagonal));
    }

    private static Tensor keep(String where, Tensor x, Tensor mask) {
        return Tensor.where(mask, x, Sources.constant(where, x, 0));
    }

    /// On the main diagonal 0, above it positive. Shape: that of one matrix.
    private static Tensor columnMinusRow(String where, Tensor x) {
        Checks.matrices(where, x);
        return x.device()
                .with(() -> Tensor.arange(x.size(-1)).sub(Tensor.arange(x.size(-2)).unsqueeze(1)));
    }

    /// Along the two axes made one, the elements of the diagonal are a row and one element apart.
    static Tensor diagonal(Tensor x, int a, int b) {
        int first = x.shape().axis("diagonal", a);
        int second = x.shape().axis("diagonal", b);
        int size = x.size(first);
        if (first == second || size != x.size(second)) {
            throw new ShapeException(
                    "diagonal: axes %d and %d of %s make no square matrix"
                            .formatted(a, b, x.shape()),
                    x.shape());
        }
        int[] order = new int[x.rank()];
        int next = 0;
        for (int axis = 0; axis < x.rank(); axis++) {
            if (axis != first && axis != second) {
                order[next++] = axis;
            }
        }
        order[next++] = first;
        order[next] = second;
        Tensor matrices = x.permute(order);
        int[] sizes = Arrays.copyOf(matrices.shape().sizes(), x.rank() - 1);
        sizes[x.rank() - 2] = Checks.size("diagonal", second, (long) size * size, x.shape());
        return matrices.reshape(Shape.of(sizes)).slice(-1, 0, Long.MAX_VALUE, size + 1L);
    }
}
