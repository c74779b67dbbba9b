package tensor.cuda;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import tensor.gpu.GpuBackend;
import tensor.spi.Backend;
import tensor.testkit.BackendConformance;

/// All of a backend, through all that runs on the host: the search for libraries, the compiler and its cache, copies, launches
/// and cuBLAS.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FakeConformanceTest extends BackendConformance {
    private @Nullable Backend backend;

    @BeforeAll
    void open() {
        var compiler = new CodeCache(FakeCuda.machine().compiler(), Path.of("target", "code"));
        backend = new GpuBackend("cuda", FakeCuda.driver(compiler, MatrixArithmetic.FLOAT32), true);
    }

    @Override
    protected Backend backend() {
        if (backend == null) {
            throw new IllegalStateException("not open");
        }
        return backend;
    }
}
