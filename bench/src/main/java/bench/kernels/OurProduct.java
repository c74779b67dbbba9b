package bench.kernels;

import bench.Side;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// A product by our engine.
public final class OurProduct implements Side {
    private final Product product;
    private final TensorScope scope = TensorScope.of("product");
    private final Tensor a;
    private final Tensor b;
    private double element;

    /// This product.
    ///
    /// @param product which
    public OurProduct(Product product) {
        this.product = product;
        Tensor left = product.matrix(0);
        Tensor right = product.matrix(1);
        a = product.left() ? left.t() : left;
        b = product.right() ? right.t() : right;
    }

    @Override
    public double run() {
        for (int i = 1; i < product.times(); i++) {
            scope.run(() -> a.matMul(b));
        }
        scope.run(() -> element = a.matMul(b).select(0, -1).select(0, -1).item());
        return element;
    }
}
