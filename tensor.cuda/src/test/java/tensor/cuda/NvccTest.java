package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.gpu.Factors;
import tensor.gpu.GpuBackend;
import tensor.testkit.EveryKernel;

/// Every kernel through NVIDIA's own compiler, where it is installed; no GPU is needed.
class NvccTest {
    @TempDir private Path folder;

    @Test
    void everyKernelIsCudaForThreeArchitectures() throws IOException, InterruptedException {
        var texts = new TextDriver();
        var backend = new GpuBackend("cuda", texts, true);
        EveryKernel.of(backend);
        EveryKernel.largeProduct(backend);
        assertTrue(texts.all().size() > 20, () -> texts.all().size() + " texts");

        var said =
                nvcc(
                        texts,
                        "-fatbin",
                        "--threads=2",
                        "-Xptxas=-O0",
                        "-gencode=arch=compute_75,code=[sm_75,sm_80,sm_90]",
                        "-o",
                        "kernels.fatbin");

        assertEquals("", said);
        assertTrue(Files.size(folder.resolve("kernels.fatbin")) > 0);
    }

    /// What does not fit into registers goes through memory, a hundred times slower. The units for matrices are there from
    /// sm_80 on, and the driver of the first of these devices translates them.
    @Test
    void productsOfMatricesStayInRegisters() throws IOException, InterruptedException {
        var texts = new TextDriver();
        for (Factors factors : List.of(Factors.FLOAT32, Factors.TF32)) {
            var backend = new GpuBackend("cuda", texts, texts.traits().with(factors), true);
            EveryKernel.products(backend);
            EveryKernel.largeProduct(backend);
        }

        var said =
                nvcc(
                        texts,
                        "-fatbin",
                        "--threads=2",
                        "--keep",
                        "-Xptxas=-v",
                        "-gencode=arch=compute_80,code=[sm_80,sm_90]",
                        "-o",
                        "products.fatbin");

        assertEquals(
                2 * 9, said.split("Compiling entry function '\\S*product_", -1).length - 1, said);
        said.lines()
                .filter(line -> line.contains("spill"))
                .forEach(line ->
                        assertEquals(
                                "0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads",
                                line.strip()));
        String ptx =
                Files.readString(folder.resolve("kernels.ptx"))
                        .replaceFirst("(?m)^\\.version .*$", ".version 7.0");
        assertTrue(ptx.contains("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32"), ptx);
        assertTrue(ptx.contains("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32"), ptx);
        assertEquals("", PtxAssembler.against(ptx, "sm_80"));
    }

    /// {@return what the compiler says of kernels}
    private String nvcc(TextDriver texts, String... options)
            throws IOException, InterruptedException {
        assumeTrue(
                FakeCuda.isOnPath("nvcc") || Boolean.getBoolean("require.nvcc"),
                "nvcc is not on the PATH; install the CUDA toolkit");
        Path file = Files.writeString(folder.resolve("kernels.cu"), together(texts.all()));
        List<String> command = new ArrayList<>(List.of("nvcc", file.toString()));
        command.addAll(List.of("--fmad=false", "--std=c++17"));
        command.add("-diag-suppress=177"); // functions that are not called
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    /// One text of all, since the compiler takes longer to begin than for a text: what each has of its own stands in a
    /// namespace, what all have in common once before.
    private static String together(List<String> texts) {
        int length = texts.getFirst().length();
        for (String text : texts) {
            length = Math.min(length, common(texts.getFirst(), text));
        }
        int end = texts.getFirst().lastIndexOf('\n', length) + 1;
        var all = new StringBuilder(texts.getFirst().substring(0, end));
        for (int i = 0; i < texts.size(); i++) {
            all.append("\nnamespace n%d {\n".formatted(i))
                    .append(texts.get(i).substring(end))
                    .append("}\nusing namespace n%d;\n".formatted(i));
        }
        return all.toString().replace("extern \"C\" __global__", "__global__");
    }

    private static int common(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }

    private String run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(folder.toFile());
        Process process = builder.start();
        String said;
        try (var output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        return process.waitFor() == 0 ? said : said + "failed";
    }
}
