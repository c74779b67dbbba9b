package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// With a script in place of the real one, which would build the project.
@EnabledOnOs(value = OS.LINUX, disabledReason = "the command 'script' has other options elsewhere")
class StartBenchTest {
    @TempDir private Path home;

    @Test
    void theTimeToTheFirstBatchOnATerminalIsMeasured() throws IOException {
        writeLoops(
                """
                [ "$*" = 'run kfold --epochs 1' ] && [ -t 0 ] && [ -t 1 ] || exit 3
                printf '\\repoch 1/1 [  ] 1/8  2/s\\repoch 1/1 [= ] 2/8  2/s'
                """);

        assertTrue(new FirstBatch(home, OptionalInt.empty()).millis() > 0);
    }

    @Test
    void aChosenNumberOfThreadsReachesTheExample() throws IOException {
        writeLoops(
                """
                [ "$JDK_JAVA_OPTIONS" = -Dtensor.cpu.threads=2 ] && printf 'epoch 1/1 [ ] 1/8'
                """);

        assertTrue(new FirstBatch(home, OptionalInt.of(2)).millis() > 0);
    }

    @Test
    void aRunThatFailsOrTrainsNothingIsRefused() throws IOException {
        writeLoops("printf 'epoch 1/1 [=] 12/12'");
        assertRefused(
                """
                bench start: './loops run kfold --epochs 1' ended with status 0 and no trained batch; it showed:
                epoch 1/1 [=] 12/12\
                """);

        writeLoops("printf 'epoch 1/1 [=] 1/2'; exit 4");
        assertRefused(
                """
                bench start: './loops run kfold --epochs 1' ended with status 4 and a trained batch; it showed:
                epoch 1/1 [=] 1/2\
                """);
    }

    @Test
    void aTerminalThatCannotBeHadIsToldOf() {
        var example = new FirstBatch(home.resolve("nowhere"), OptionalInt.empty());

        var message =
                String.valueOf(
                        assertThrows(IllegalStateException.class, example::millis).getMessage());

        assertTrue(message.startsWith("bench start: Cannot run program \"script\" (in directory "));
        assertTrue(
                message.endsWith(
                        "; needs the folder of ./loops, and 'script' of util-linux, which gives a command a terminal"));
    }

    @Test
    void theSummaryTellsTheMedianAndTheWorst() {
        assertEquals(
                "median 900 ms, worst 1200 ms to the first trained batch",
                StartBench.summary(List.of(1200.0, 900.0, 800.4)));
    }

    private void assertRefused(String message) {
        var example = new FirstBatch(home, OptionalInt.empty());
        assertEquals(
                message, assertThrows(IllegalStateException.class, example::millis).getMessage());
    }

    private void writeLoops(String body) throws IOException {
        Path script = home.resolve("loops");
        Files.writeString(script, "#!/bin/sh\n" + body);
        assertTrue(script.toFile().setExecutable(true));
    }
}
