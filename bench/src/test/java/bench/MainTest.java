package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each bench at tiny sizes. Native libraries of peers may be there or not.
class MainTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gemm", "elementwise", "steps"})
    void aBenchRunsAndWritesItsNumbers(String name) throws IOException {
        Path json = folder.resolve("numbers.json");

        int status = Main.run(name, "--smoke", "--jvms=1", "--json=" + json);

        assertEquals(0, status);
        assertTrue(Files.readString(json).contains("\"ours_ms\":"));
    }

    @Test
    void productsAreMeasuredInDoublesToo() throws IOException {
        Path json = folder.resolve("numbers.json");

        int status = Main.run("gemm", "--smoke", "--jvms=1", "--double", "--json=" + json);

        assertEquals(0, status);
        assertTrue(Files.readString(json).contains("dgemm NT 5"));
    }

    @Test
    void stepsHaveAnotherPeerToo() {
        assertEquals(0, Main.run("steps", "--smoke", "--jvms=1", "--peer=djl"));
    }

    @Test
    void stepsAreMeasuredCaptured() {
        assertEquals(0, Main.run("steps", "--smoke", "--jvms=1", "--captured"));
    }

    @Test
    void stepsAreMeasuredBesideOursWithoutVectors() throws IOException {
        Path json = folder.resolve("numbers.json");

        int status = Main.run("steps", "--smoke", "--jvms=1", "--peer=scalar", "--json=" + json);

        assertEquals(0, status);
        assertTrue(Files.readString(json).contains("\"peer_ms\":"));
    }

    @Test
    void aDeviceIsMeasuredAlone() throws IOException {
        Path json = folder.resolve("numbers.json");

        int status = Main.run("device", "--smoke", "--device=cpu", "--json=" + json);

        assertEquals(0, status);
        assertTrue(Files.readString(json).contains("\"unit\":\"TFLOP/s\""));
    }

    @Test
    void aDeviceThatIsNotThereIsABadCommandLine() {
        assertEquals(2, Main.run("device", "--smoke", "--device=abacus"));
    }

    @Test
    void theMemoryOfStepsIsMeasured() throws IOException {
        Path json = folder.resolve("numbers.json");

        int status = Main.run("memory", "--smoke", "--json=" + json);

        assertEquals(0, status);
        assertTrue(Files.readString(json).contains("\"garbage_bytes\":"));
    }

    @Test
    void whatTrainingWaitsForItsDataIsMeasured() throws IOException {
        Path json = folder.resolve("numbers.json");

        int status = Main.run("loader", "--smoke", "--json=" + json);

        assertEquals(0, status);
        assertTrue(Files.readString(json).contains("\"waited_ms\":"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemm --threads=0",
                "steps --threads=-1",
                "memory --threads=two",
                "gemm --rounds=0",
                "gemm --jvms=0",
                "memory --steps=-5",
                "loader --epochs=0",
                "start --threads=0",
                "start --rounds=0",
                "elementwise --json=there/is/no/such/folder.json",
                "loader --data=nowhere"
            })
    void whatCannotBeDoneIsABadCommandLine(String line) {
        List<String> arguments = new ArrayList<>(List.of(line.split(" ", -1)));
        arguments.add("--smoke");

        assertEquals(2, Main.run(arguments.toArray(String[]::new)));
    }

    @Test
    void aBenchThatIsNotThereIsRefused() {
        assertEquals(2, Main.run("speed"));
    }
}
