package loops.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
    private static final Checkpoint CHECKPOINT = new Checkpoint("fit_loop", Fields.empty());

    @TempDir private Path parent;

    @Test
    void aFolderThatIsNotThereHoldsNothing() throws IOException {
        var folder = new CheckpointFolder(parent.resolve("none"));

        assertEquals(List.of(), folder.all());
        assertEquals(Optional.empty(), folder.latest());
        folder.keepNewest(0);
    }

    @Test
    void checkpointsAreNumberedInTheirOrder() throws IOException {
        var folder = new CheckpointFolder(parent.resolve("new").resolve("er"));

        assertEquals("checkpoint-000001", name(folder.write(CHECKPOINT)));
        assertEquals("checkpoint-000002", name(folder.write(CHECKPOINT)));
        assertEquals("checkpoint-000002", name(folder.latest().orElseThrow()));
    }

    @Test
    void theLatestIsThatOfTheGreatestNumber() throws IOException {
        Files.createDirectory(parent.resolve("checkpoint-999999"));
        Files.createDirectory(parent.resolve("checkpoint-1000000"));
        var folder = new CheckpointFolder(parent);

        assertEquals("checkpoint-1000000", name(folder.latest().orElseThrow()));
        assertEquals("checkpoint-1000001", name(folder.write(CHECKPOINT)));
    }

    @Test
    void whatIsUnfinishedOrSomethingElseIsPassedOver() throws IOException {
        Files.createDirectory(parent.resolve("checkpoint-000009.unfinished"));
        Files.createDirectory(parent.resolve("notes"));
        var folder = new CheckpointFolder(parent);

        assertEquals(Optional.empty(), folder.latest());
        assertEquals("checkpoint-000001", name(folder.write(CHECKPOINT)));
    }

    @Test
    void onlyTheNewestAreKeptAndWhatIsUnfinishedIsCleanedUp() throws IOException {
        var folder = new CheckpointFolder(parent);
        for (int i = 0; i < 4; i++) {
            folder.write(CHECKPOINT);
        }
        Files.createDirectories(parent.resolve("checkpoint-000009.unfinished").resolve("deep"));
        Files.createDirectory(parent.resolve("notes"));

        folder.keepNewest(2);

        assertEquals(
                List.of("checkpoint-000003", "checkpoint-000004"),
                folder.all().stream().map(CheckpointFolderTest::name).toList());
        assertFalse(Files.exists(parent.resolve("checkpoint-000009.unfinished")));
        assertEquals(true, Files.exists(parent.resolve("notes")));
    }

    @Test
    void aNegativeCountIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new CheckpointFolder(parent).keepNewest(-1));
        assertEquals("keepNewest: count is -1; use a number from 0", refused.getMessage());
    }

    private static String name(Path folder) {
        return String.valueOf(folder.getFileName());
    }
}
