package tensor.api;

import java.util.Arrays;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// The matrix product of vectors, matrices and stacks of matrices.
final class Products {
    private Products() {}

    static Tensor matMul(Tensor a, Tensor b) {
        Checks.sameDType("matMul", a, b);
        Checks.floating("matMul", a, b);
        if (a.rank() == 0 || b.rank() == 0) {
            throw new ShapeException(
                    "matMul: " + a.shape() + " × " + b.shape() + ": a scalar is no matrix; use mul",
                    a.shape(),
                    b.shape());
        }
        int inner = b.size(b.rank() == 1 ? 0 : -2);
        if (a.size(-1) != inner) {
            throw new ShapeException(
                    "matMul: inner sizes differ: "
                            + a.shape()
                            + " × "
                            + b.shape()
                            + " ("
                            + a.size(-1)
                            + " ≠ "
                            + inner
                            + ")",
                    a.shape(),
                    b.shape());
        }
        if (a.rank() == 1) {
            Tensor row = matMul(a.unsqueeze(0), b);
            return b.rank() == 1 ? row.squeeze(0) : row.squeeze(-2);
        }
        if (b.rank() == 1) {
            return matMul(a, b.unsqueeze(1)).squeeze(-1);
        }
        if (b.rank() > 2) {
            return batched(a, b);
        }
        return a.rank() > 2 ? oneTallMatrix(a, b) : Dispatch.apply(new Op.MatMul(), a, b);
    }

    /// One matrix for the whole stack: the stack becomes one tall matrix, so that nothing is
    /// repeated.
    private static Tensor oneTallMatrix(Tensor a, Tensor b) {
        Shape result = a.shape().with(-1, b.size(1));
        long rows = 1;
        for (int axis = 0; axis < a.rank() - 1; axis++) {
            rows *= a.size(axis);
        }
        int size = Checks.size("matMul", 0, rows, a.shape());
        Tensor tall = a.reshape(Shape.of(size, a.size(-1)));
        return Dispatch.apply(new Op.MatMul(), tall, b).reshape(result);
    }

    private static Tensor batched(Tensor a, Tensor b) {
        Shape leading = Shape.broadcast("matMul", leading(a), leading(b));
        return Dispatch.apply(
                new Op.MatMul(), expandLeading(a, leading), expandLeading(b, leading));
    }

    static Shape leading(Tensor x) {
        return x.shape().without(-1).without(-1);
    }

    static Tensor expandLeading(Tensor x, Shape leading) {
        int[] sizes = Arrays.copyOf(leading.sizes(), leading.rank() + 2);
        sizes[leading.rank()] = x.size(-2);
        sizes[leading.rank() + 1] = x.size(-1);
        return x.expand(Shape.of(sizes));
    }
}
