package tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tensor.layout.DType;
import tensor.layout.Shape;

/// The law of the backend: bits are a function of shapes and values only.
class SameBitsTest {
    private static final String WIDEST = large("1");
    private static final String WITH_VECTORS = "--add-modules=jdk.incubator.vector";

    @TempDir private Path folder;
    private Path errors;

    @BeforeEach
    void errorsGoToAFile() {
        errors = folder.resolve("errors.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-TieredCompilation"})
    void everyCompilerGivesTheBitsOfThisJvm(String compiler) throws Exception {
        String here = BitsProgram.small(new CpuBackend(1, false));

        String there = inAnotherJvm("small", 1, WITH_VECTORS, compiler);

        assertEquals(here, there);
    }

    @ParameterizedTest
    @ValueSource(strings = {"16", "32"})
    void everyVectorWidthGivesTheBitsOfThisJvm(String bytes) throws Exception {
        String there = inAnotherJvm("large", 2, WITH_VECTORS, "-XX:MaxVectorSize=" + bytes);

        assertEquals(WIDEST, there);
    }

    @Test
    void aJvmWithoutVectorsGivesTheBitsOfThisOne() throws Exception {
        String there = inAnotherJvm("large", 2);

        assertEquals(WIDEST, there);
    }

    @Test
    void aJvmWithoutVectorsAndCompilersGivesTheBitsOfThisOne() throws Exception {
        String here = BitsProgram.small(new CpuBackend(1, false));

        String there = inAnotherJvm("small", 1, "-Xint");

        assertEquals(here, there);
    }

    @Test
    void aJvmWithoutVectorsSaysOnceWhatMakesItFast() throws Exception {
        inAnotherJvm("small", 1);

        List<String> warnings =
                Files.readString(errors).lines().filter(line -> line.contains("vector")).toList();
        assertEquals(
                List.of(
                        "WARNING: device 'cpu': module jdk.incubator.vector is missing, so long runs"
                                + " take several times as long; start java, or link its runtime, with"
                                + " --add-modules jdk.incubator.vector"),
                warnings);
    }

    @Test
    void twoThreadsGiveTheBitsOfOne() {
        String two = large("2");

        assertEquals(WIDEST, two);
    }

    @Test
    void aKernelGivesTheSameBitsWhenItIsCompiledAsWhenItIsNew() {
        CpuBackend backend = new CpuBackend(1, false);
        String cold = BitsProgram.small(backend);

        for (int i = 0; i < 300; i++) {
            assertEquals(cold, BitsProgram.small(backend));
        }
    }

    @Test
    void theProgramTellsBitsApart() {
        CpuBackend backend = new CpuBackend(1, false);

        long zero = Memory.digest(backend, Memory.of(backend, Shape.of(1), 0f));
        long minus = Memory.digest(backend, Memory.of(backend, Shape.of(1), -0f));

        assertTrue(zero != minus);
        assertTrue(WIDEST.lines().distinct().count() > 150, WIDEST);
    }

    private static String large(String threads) {
        return BitsProgram.large(new CpuBackend(Integer.parseInt(threads), false));
    }

    private String inAnotherJvm(String size, int threads, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-Duser.language=en", "-Dtensor.cpu.threads=" + threads));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath(), BitsProgram.class.getName(), size));
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (var output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), command::toString);
            return text.strip();
        }
    }

    /// Where the classes of this JVM come from, patched modules or not.
    private static String classPath() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : List.of(BitsProgram.class, CpuBackend.class, DType.class)) {
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
