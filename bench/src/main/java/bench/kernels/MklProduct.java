package bench.kernels;

import static org.bytedeco.mkl.global.mkl_rt.CblasNoTrans;
import static org.bytedeco.mkl.global.mkl_rt.CblasRowMajor;
import static org.bytedeco.mkl.global.mkl_rt.CblasTrans;

import bench.Side;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;
import tensor.api.Tensor;
import tensor.layout.DType;

/// A product by MKL.
public final class MklProduct implements Side {
    private final Product product;
    private final int left;
    private final int right;
    private final Runnable multiply;
    private final DoubleSupplier last;

    /// This product.
    ///
    /// @param product which; its values are copied
    /// @param threads how many compute
    /// @throws LinkageError if MKL is not there
    public MklProduct(Product product, int threads) {
        mkl_rt.MKL_Set_Num_Threads(threads);
        this.product = product;
        left = product.left() ? CblasTrans : CblasNoTrans;
        right = product.right() ? CblasTrans : CblasNoTrans;
        int n = product.size();
        long count = (long) n * n;
        Tensor a = product.matrix(0);
        Tensor b = product.matrix(1);
        if (product.dtype() == DType.FLOAT32) {
            var x = new FloatPointer(a.toFloats());
            var y = new FloatPointer(b.toFloats());
            var out = new FloatPointer(count);
            multiply =
                    () ->
                            mkl_rt.cblas_sgemm(
                                    CblasRowMajor, left, right, n, n, n, 1, x, n, y, n, 0, out, n);
            last = () -> out.get(count - 1);
        } else {
            var x = new DoublePointer(a.toDoubles());
            var y = new DoublePointer(b.toDoubles());
            var out = new DoublePointer(count);
            multiply =
                    () ->
                            mkl_rt.cblas_dgemm(
                                    CblasRowMajor, left, right, n, n, n, 1, x, n, y, n, 0, out, n);
            last = () -> out.get(count - 1);
        }
    }

    @Override
    public double run() {
        for (int i = 0; i < product.times(); i++) {
            multiply.run();
        }
        return last.getAsDouble();
    }
}
