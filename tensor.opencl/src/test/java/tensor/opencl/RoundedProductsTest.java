package tensor.opencl;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import tensor.gpu.DeviceTraits.Kind;
import tensor.gpu.Factors;
import tensor.gpu.GpuBackend;
import tensor.spi.Backend;
import tensor.testkit.NeedsDevice;
import tensor.testkit.RoundedProductConformance;

/// The kernels that multiply fragments, with threads that exchange these through local memory as NVIDIA's documentation
/// says where their elements are.
@NeedsDevice("opencl")
class RoundedProductsTest {
    @Nested
    @NeedsDevice("opencl")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OfTf32 extends RoundedProductConformance {
        private final Backend backend = open(Factors.TF32);

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
    @NeedsDevice("opencl")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OfBfloat16 extends RoundedProductConformance {
        private final Backend backend = open(Factors.BFLOAT16);

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
    @NeedsDevice("opencl")
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OfFloat32 extends RoundedProductConformance {
        private final Backend backend = open(Factors.FLOAT32);

        @Override
        protected Backend backend() {
            return backend;
        }

        @Override
        protected int digits() {
            return 23;
        }
    }

    private static Backend open(Factors factors) {
        var driver = new OpenClDriver(OpenClDevice.all().getFirst());
        var traits = driver.traits().with(Kind.GPU).with(factors);
        return new GpuBackend("opencl", driver, traits, true);
    }
}
