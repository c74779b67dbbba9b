package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tensor.gpu.Driver;

/// The driver alone, on the libraries that stand for CUDA's.
class CudaDriverTest {
    @Test
    void aKernelGetsItsArgumentsInOrder() {
        CudaDriver driver = driver();
        Driver.Memory memory = driver.allocate(3 * Long.BYTES);
        driver.fill(memory, 3 * Long.BYTES, (byte) 0);
        Driver.Kernel kernel =
                kernel(
                        driver,
                        "add",
                        """
                        struct How { long long by; long long times; };
                        extern "C" __global__ void add(long long first, How how, long long *y) {
                            long long item = (long long)blockIdx.x * blockDim.x + threadIdx.x;
                            y[item] = first + how.by * how.times * item;
                        }
                        """);

        driver.launch(
                kernel, 3, 1, List.of(new Driver.Numbers(5), new Driver.Numbers(7, 10), memory));

        MemorySegment host = MemorySegment.ofArray(new long[3]);
        driver.download(memory, host);
        assertEquals(5, host.getAtIndex(ValueLayout.JAVA_LONG, 0));
        assertEquals(145, host.getAtIndex(ValueLayout.JAVA_LONG, 2));
    }

    @Test
    void copiesOfAnyLengthAndPlace() {
        CudaDriver driver = driver();
        byte[] bytes = new byte[(9 << 20) + 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((i * 31) >> 3);
        }
        Driver.Memory memory = driver.allocate(bytes.length);
        byte[] back = new byte[bytes.length];

        driver.upload(MemorySegment.ofArray(bytes), memory);
        driver.download(memory, MemorySegment.ofArray(back));

        assertEquals(-1, MemorySegment.ofArray(bytes).mismatch(MemorySegment.ofArray(back)));
    }

    @Test
    void whatDoesNotCompileIsShownWithTheLine() {
        var error =
                assertThrows(
                        IllegalStateException.class,
                        () -> driver().compile("int a;\nint b = c;\n", List.of("f")));

        String message = String.valueOf(error.getMessage());
        assertTrue(
                message.startsWith("cuda: kernels [f] do not compile for sm_80 by NVRTC 13.0: "),
                message);
        assertTrue(message.contains("kernels.cu:2:"), message);
    }

    @Test
    void threadsThatDoNotAllComeToABarrierFail() {
        CudaDriver driver = driver();
        Driver.Kernel kernel =
                kernel(
                        driver,
                        "some",
                        """
                        extern "C" __global__ void some() { if (threadIdx.x < 3) { __syncthreads(); } }
                        """);

        var error =
                assertThrows(
                        IllegalStateException.class, () -> driver.launch(kernel, 1, 5, List.of()));

        assertEquals(
                "cuda: cuLaunchKernel: CUDA_ERROR_LAUNCH_FAILED (719), said by the fake;"
                        + " a kernel that ran before failed, and this process cannot use the device any more",
                error.getMessage());
    }

    @Test
    void tooLittleMemoryIsAnErrorOfItsOwn() {
        var error = assertThrows(OutOfMemoryError.class, () -> driver().allocate(1L << 40));

        assertEquals(
                "cuda: cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY (2), said by the fake",
                error.getMessage());
    }

    @Test
    void theArithmeticOfProductsIsAWordOfSix() {
        assertEquals(MatrixArithmetic.TF32, MatrixArithmetic.of("tf32"));
        assertEquals(MatrixArithmetic.OWN_BFLOAT16, MatrixArithmetic.of("own-bfloat16"));
        assertEquals(
                "-Dtensor.cuda.matmul is 'fast', needs to be float32 or tf32 or bfloat16 or own or own-tf32 or own-bfloat16",
                assertThrows(IllegalArgumentException.class, () -> MatrixArithmetic.of("fast"))
                        .getMessage());
    }

    @Test
    void ourOwnKernelMultipliesWhereThatIsAskedFor() {
        var compiler = FakeCuda.machine().compiler();

        assertTrue(FakeCuda.driver(compiler, MatrixArithmetic.FLOAT32).products().isPresent());
        assertTrue(FakeCuda.driver(compiler, MatrixArithmetic.OWN).products().isEmpty());
    }

    @Test
    void factorsAreNotRoundedOnADeviceThatCannot() {
        FakeCuda.with(
                "FAKE_CUDA_CAPABILITY",
                "75",
                () -> {
                    var compiler = FakeCuda.machine().compiler();
                    var error =
                            assertThrows(
                                    IllegalArgumentException.class,
                                    () -> FakeCuda.driver(compiler, MatrixArithmetic.TF32));

                    assertEquals(
                            "-Dtensor.cuda.matmul=tf32 needs compute capability 8.0 or newer, and this is Fake 0 (compute capability 7.5); leave it out",
                            error.getMessage());
                    assertTrue(
                            FakeCuda.driver(compiler, MatrixArithmetic.OWN).products().isEmpty());
                });
    }

    private static Driver.Kernel kernel(CudaDriver driver, String name, String text) {
        return Objects.requireNonNull(driver.compile(text, List.of(name)).get(name));
    }

    private static CudaDriver driver() {
        return FakeCuda.driver(FakeCuda.machine().compiler(), MatrixArithmetic.FLOAT32);
    }
}
