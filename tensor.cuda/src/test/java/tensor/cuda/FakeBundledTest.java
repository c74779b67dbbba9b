package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tensor.gpu.GpuBackend;
import tensor.spi.Backend;
import tensor.testkit.EveryKernel;
import tensor.testkit.ProgramConformance;

/// A driver and nothing else of CUDA's: all kernels come from the bundle, and programs are interpreted.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FakeBundledTest extends ProgramConformance {
    private @Nullable Backend backend;

    @BeforeAll
    void open() {
        KernelCompiler stand =
                new CodeCache(FakeCuda.machine().compiler(), Path.of("target", "code"));
        CudaMachine.Ready machine = FakeCuda.withoutCompiler(stand);
        assertEquals("bundled PTX", machine.compiler().version());
        KernelCompiler compiler = CodeCache.of(machine.compiler(), "", Map.of());
        assertEquals(machine.compiler(), compiler); // what is there is not kept again
        backend =
                new GpuBackend(
                        "cuda", FakeCuda.driver(machine, compiler, MatrixArithmetic.FLOAT32), true);
    }

    @Override
    protected Backend backend() {
        if (backend == null) {
            throw new IllegalStateException("not open");
        }
        return backend;
    }

    @Test
    void everyKernelIsBundled() {
        EveryKernel.of(backend());
        EveryKernel.largeProduct(backend());
    }
}
