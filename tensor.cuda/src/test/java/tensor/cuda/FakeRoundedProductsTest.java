package tensor.cuda;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import tensor.gpu.GpuBackend;
import tensor.spi.Backend;
import tensor.testkit.RoundedProductConformance;

/// Our own kernels for products, on the libraries that stand for CUDA's.
class FakeRoundedProductsTest {
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OfTf32 extends RoundedProductConformance {
        private final Backend backend = open(MatrixArithmetic.OWN_TF32);

        @Override
        protected Backend backend() {
            return backend;
        }

        @Override
        protected int digits() {
            return 10;
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OfBfloat16 extends RoundedProductConformance {
        private final Backend backend = open(MatrixArithmetic.OWN_BFLOAT16);

        @Override
        protected Backend backend() {
            return backend;
        }

        @Override
        protected int digits() {
            return 7;
        }
    }

    /// Not rounded at all.
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OfFloat32 extends RoundedProductConformance {
        private final Backend backend = open(MatrixArithmetic.OWN);

        @Override
        protected Backend backend() {
            return backend;
        }

        @Override
        protected int digits() {
            return 23;
        }
    }

    private static Backend open(MatrixArithmetic arithmetic) {
        var compiler = new CodeCache(FakeCuda.machine().compiler(), Path.of("target", "code"));
        return new GpuBackend("cuda", FakeCuda.driver(compiler, arithmetic), true);
    }
}
