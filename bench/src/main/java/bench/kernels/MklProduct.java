package bench.kernels;

import static org.bytedeco.mkl.global.mkl_rt.CblasNoTrans;
import static org.bytedeco.mkl.global.mkl_rt.CblasRowMajor;
import static org.bytedeco.mkl.global.mkl_rt.CblasTrans;

import bench.Side;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.mkl.global.mkl_rt;

/// A product by MKL.
public final class MklProduct implements Side {
    private final Product product;
    private final FloatPointer a;
    private final FloatPointer b;
    private final FloatPointer c;

    /// This product.
    ///
    /// @param product which; its values are copied
    /// @param threads how many compute
    /// @throws LinkageError if MKL is not there
    public MklProduct(Product product, int threads) {
        mkl_rt.MKL_Set_Num_Threads(threads);
        this.product = product;
        a = new FloatPointer(product.matrix(0).toFloats());
        b = new FloatPointer(product.matrix(1).toFloats());
        c = new FloatPointer((long) product.size() * product.size());
    }

    @Override
    public double run() {
        int n = product.size();
        for (int i = 0; i < product.times(); i++) {
            multiply(n);
        }
        return c.get((long) n * n - 1);
    }

    private void multiply(int n) {
        mkl_rt.cblas_sgemm(
                CblasRowMajor,
                product.left() ? CblasTrans : CblasNoTrans,
                product.right() ? CblasTrans : CblasNoTrans,
                n,
                n,
                n,
                1,
                a,
                n,
                b,
                n,
                0,
                c,
                n);
    }
}
