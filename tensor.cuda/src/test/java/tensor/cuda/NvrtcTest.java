package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tensor.gpu.GpuBackend;
import tensor.testkit.EveryKernel;

/// NVIDIA's own library, where it is installed; no GPU is needed.
class NvrtcTest {
    private static final int NEWEST_MAJOR = 13;

    @Test
    void everyTextBecomesCode() {
        Nvrtc nvrtc = installed();
        var texts = new TextDriver();
        EveryKernel.foldsAndProducts(new GpuBackend("cuda", texts, true));

        for (String text : texts.all()) {
            byte[] code = nvrtc.compile(text, nvrtc.target(90).orElseThrow());

            assertEquals("\u007fELF", new String(code, 0, 4, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void whatDoesNotCompileIsShownWithTheLine() {
        Nvrtc nvrtc = installed();

        var error =
                assertThrows(
                        IllegalStateException.class,
                        () -> nvrtc.compile("__device__ int a;\n__device__ int b = c;\n", "sm_90"));

        assertEquals(
                "kernels.cu(2): error: identifier \"c\" is undefined",
                String.valueOf(error.getMessage()).lines().findFirst().orElse(""));
    }

    private static Nvrtc installed() {
        Optional<Nvrtc> found = Nvrtc.find(LibraryFolders.ofThisMachine(), NEWEST_MAJOR);
        assumeTrue(
                found.isPresent() || Boolean.getBoolean("require.nvrtc"), "NVRTC is not installed");
        return found.orElseThrow();
    }
}
