package tensor.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The products with each matrix that a sweep has come by: a matrix that is used at every place of a sequence gets its
/// cotangent as one product of all rows, in place of a sum of many.
final class StackedProducts {
    private final Map<Tensor, List<Factors>> waiting = new HashMap<>();

    /// {@return whether a share can wait: the product of two matrices, and the share of the second}
    static boolean takes(Op op, int input, Tensor[] in) {
        return op instanceof Op.MatMul && input == 1 && in[0].rank() == 2 && !AnomalyMode.on();
    }

    /// Puts a product aside.
    void add(Tensor matrix, Factors factors) {
        waiting.computeIfAbsent(matrix, _ -> new ArrayList<>()).add(factors);
    }

    /// {@return the products with a matrix, which wait no longer}
    List<Factors> take(Tensor matrix) {
        List<Factors> all = waiting.remove(matrix);
        return all == null ? List.of() : all;
    }

    /// {@return the cotangent of a matrix}
    ///
    /// @param all the products with it, at least one
    static Tensor share(Tensor matrix, List<Factors> all) {
        Factors first = all.getFirst();
        if (all.size() == 1) {
            return Cotangents.share(first.node, 1, first.y, first.g);
        }
        Tensor left = rows(all, factors -> factors.node.inputs[0]);
        Tensor g = rows(all, Factors::g);
        return Derivatives.vjp(first.node.op, 1, new Tensor[] {left, matrix}, first.y, g);
    }

    private static Tensor rows(List<Factors> all, Function<Factors, Tensor> of) {
        return Tensor.concat(0, all.stream().map(of).toArray(Tensor[]::new));
    }

    /// A product with a matrix.
    ///
    /// @param node how it was made
    /// @param y the product
    /// @param g its cotangent
    record Factors(Node node, Tensor y, Tensor g) {}
}
