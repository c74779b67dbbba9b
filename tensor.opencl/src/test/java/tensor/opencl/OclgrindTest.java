package tensor.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jocl.CL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.gpu.GpuBackend;
import tensor.layout.DType;
import tensor.testkit.EveryKernel;

/// Every kernel under Oclgrind, which sees reads and writes outside of memory and races between threads, where a device
/// that works may give the right numbers all the same.
class OclgrindTest {
    private static final Path LIBRARY = Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so");

    @TempDir private Path folder;

    @Test
    void noKernelLeavesItsMemoryOrRacesWithItself() throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(LIBRARY) || Boolean.getBoolean("require.oclgrind"),
                LIBRARY + " not found; install Debian's oclgrind");
        Files.writeString(folder.resolve("oclgrind.icd"), LIBRARY + "\n");
        var report = folder.resolve("report.txt").toFile();
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath(),
                        AllKernels.class.getName());
        builder.environment().put("OCL_ICD_VENDORS", folder.toString());
        builder.environment().put("OCLGRIND_DATA_RACES", "1");
        Process process = builder.redirectError(report).start();

        String said;
        try (var output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }

        List<String> found =
                Files.readAllLines(report.toPath()).stream()
                        .filter(line -> !line.matches("[0-9]+ warnings? generated\\."))
                        .toList();
        assertEquals(List.of(), found);
        assertTrue(said.startsWith("done on Oclgrind"), said);
        assertEquals(0, process.waitFor());
    }

    /// Where the classes of this JVM come from, patched modules or not.
    private static String classPath() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type :
                List.of(
                        AllKernels.class,
                        EveryKernel.class,
                        OpenClDriver.class,
                        GpuBackend.class,
                        DType.class,
                        CL.class)) {
            String name = type.getName().replace('.', '/') + ".class";
            String place = String.valueOf(type.getClassLoader().getResource(name));
            places.add(
                    place.replaceFirst("^jar:", "")
                            .replaceFirst("^file:", "")
                            .replaceFirst("!?/" + name + "$", ""));
        }
        return String.join(System.getProperty("path.separator"), places);
    }
}
