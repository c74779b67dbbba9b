package tensor.cuda;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tensor.gpu.DeviceTraits;
import tensor.gpu.Factors;
import tensor.gpu.GpuBackend;
import tensor.testkit.EveryKernel;

/// The sources of what [BundledPtx] looks up, and how it is made of them.
final class PtxBundle {
    /// Where the resources lie, from the folder of this module.
    static final Path FOLDER = Path.of("src/main/resources/tensor/cuda", BundledPtx.FOLDER);

    /// Tried one after the other: what the first does not have, such as units for matrices, is in the second.
    private static final List<String> ARCHITECTURES = List.of("75", "80");

    private PtxBundle() {}

    /// {@return the texts of all kernels that do not depend on what a user writes} A new family of kernels is called by
    /// [EveryKernel].
    static List<String> texts() {
        var texts = new TextDriver();
        DeviceTraits traits = texts.traits().interpreting(texts.traits().parameterBytes());
        var backend = new GpuBackend("cuda", texts, traits, true);
        EveryKernel.of(backend);
        for (Factors factors : Factors.values()) {
            backend = new GpuBackend("cuda", texts, traits.with(factors), true);
            EveryKernel.products(backend);
            EveryKernel.largeProduct(backend);
        }
        return texts.all().stream().distinct().toList();
    }

    /// {@return the file of a text's PTX}
    static Path file(String text) {
        return FOLDER.resolveSibling(BundledPtx.resource(text));
    }

    /// {@return the PTX in a file}
    static String read(Path file) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes what is missing, by nvcc, and removes what no text has any more.
    static void write() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        Set<Path> needed = new HashSet<>();
        for (String text : texts()) {
            Path file = file(text);
            needed.add(file);
            if (!Files.exists(file)) {
                var bytes = new ByteArrayOutputStream();
                try (var out = new GZIPOutputStream(bytes)) {
                    out.write(compiled(text).getBytes(StandardCharsets.UTF_8));
                }
                Files.write(file, bytes.toByteArray());
            }
        }
        for (Path old : LibraryFolders.matching(FOLDER, "*")) {
            if (!needed.contains(old)) {
                Files.delete(old);
            }
        }
    }

    private static String compiled(String text) throws IOException, InterruptedException {
        String said = "";
        for (String architecture : ARCHITECTURES) {
            String ptx = nvcc(text, "compute_" + architecture);
            said = PtxAssembler.against(ptx, "sm_" + architecture);
            if (said.isEmpty()) {
                return ptx;
            }
        }
        throw new IllegalStateException(said);
    }

    /// {@return PTX of an old version, which says of which text it was made}
    private static String nvcc(String text, String architecture)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ptx");
        try {
            Path source = Files.writeString(folder.resolve("kernels.cu"), text);
            Path made = folder.resolve("kernels.ptx");
            Process process =
                    new ProcessBuilder(
                                    "nvcc",
                                    "-ptx",
                                    "-arch=" + architecture,
                                    "--fmad=false",
                                    "--std=c++17",
                                    "-diag-suppress=177", // functions that are not called
                                    source.toString(),
                                    "-o",
                                    made.toString())
                            .inheritIO()
                            .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("nvcc fails");
            }
            return "// %s\n%s"
                    .formatted(
                            BundledPtx.resource(text),
                            Files.readString(made)
                                    .replaceFirst(
                                            "(?m)^\\.version .*$",
                                            ".version " + BundledPtx.LANGUAGE));
        } finally {
            for (Path file : LibraryFolders.matching(folder, "*")) {
                Files.delete(file);
            }
            Files.delete(folder);
        }
    }
}
