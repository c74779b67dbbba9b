package loops.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.core.training.TensorState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;
import tensor.layout.DType;

class CheckpointTest {
    private static final Data WEIGHT =
            new Data("FLOAT32", List.of(2L, 1L), MemorySegment.ofArray(new float[] {1, Float.NaN}));
    private static final Checkpoint CHECKPOINT =
            new Checkpoint(
                    "fit_loop.epoch_loop",
                    Fields.of("loops", Fields.of("fit_loop", Fields.empty().with("done", 3)))
                            .with("scope", Fields.of("key", Fields.empty().with("key", 7)))
                            .with("reals", Fields.empty().with("a", -0.0).with("$b", Double.NaN))
                            .with("arrays", new Items(List.of(WEIGHT, WEIGHT))));

    @TempDir private Path parent;
    private Path folder = Path.of("");

    @BeforeEach
    void nameTheFolder() {
        folder = parent.resolve("one");
    }

    @Test
    void whatIsWrittenReadsBackAsItWas() throws IOException {
        CHECKPOINT.write(folder);

        assertEquals(CHECKPOINT, Checkpoint.read(folder));
        assertEquals(List.of(folder), inside(parent));
    }

    @Test
    void itsManifestTellsPeopleWhereItWasTaken() throws IOException {
        CHECKPOINT.write(folder);

        var manifest = Files.readString(folder.resolve("manifest.json"));

        assertTrue(
                manifest.replaceFirst("\"written\":\"[-0-9:.TZ]+\"", "\"written\":\"..\"")
                        .startsWith(
                                """
                                {"format":"loops checkpoint","version":1,"written":"..","path":"fit_loop.epoch_loop",\
                                "counters":{"fit_loop.done":3},"random_key":{"key":7},"sha256":{\
                                """),
                manifest);
    }

    @Test
    void tensorsOfEveryTypeReadBackAsTheyWere() throws IOException {
        Fields state = Fields.empty();
        for (DType dtype : DType.values()) {
            Tensor tensor = Tensor.of(0.0, 1.0, 200.0).cast(dtype);
            state = state.with(dtype.toString(), TensorState.of(tensor));
        }
        Checkpoint checkpoint = new Checkpoint("fit_loop", state);

        checkpoint.write(folder);

        assertEquals(checkpoint, Checkpoint.read(folder));
    }

    @Test
    void aCheckpointIsNotWrittenOverAnother() throws IOException {
        CHECKPOINT.write(folder);

        assertThrows(FileAlreadyExistsException.class, () -> CHECKPOINT.write(folder));
        assertEquals(CHECKPOINT, Checkpoint.read(folder));
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        CHECKPOINT.write(folder);
        var file = folder.resolve("tensors.safetensors");
        var was = Sha256.of(file);
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);

        assertUnreadable(
                "tensors.safetensors is damaged: its SHA-256 is %s, was %s; delete this folder to go on from the checkpoint before"
                        .formatted(Sha256.of(file), was));
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        assertUnreadable(
                "no file %s; name the folder of one checkpoint"
                        .formatted(folder.resolve("manifest.json")));
        CHECKPOINT.write(folder);
        Files.delete(folder.resolve("state.json"));
        assertUnreadable(
                "no file %s; name the folder of one checkpoint"
                        .formatted(folder.resolve("state.json")));
    }

    @Test
    void anotherVersionOrFormatIsRefused() throws IOException {
        CHECKPOINT.write(folder);
        replaceInManifest("\"version\":1", "\"version\":2");
        assertUnreadable(
                "has version 2 of the format, this program reads 1; use the version that wrote it");
        replaceInManifest("loops checkpoint", "recipe");
        assertUnreadable("manifest.json is not that of a checkpoint");
        Files.writeString(folder.resolve("manifest.json"), "");
        assertUnreadable(
                "cannot be read: the text ends too early; delete this folder to go on from the checkpoint before");
    }

    @Test
    void aWriteThatFailsLeavesNothing() throws IOException {
        var full = new IOException("no space left");

        var thrown =
                assertThrows(
                        IOException.class,
                        () ->
                                DurableFolder.write(
                                        folder,
                                        files -> {
                                            Files.writeString(files.resolve("half"), "x");
                                            throw full;
                                        }));

        assertEquals(full, thrown);
        assertEquals(List.of(), inside(parent));
    }

    @Test
    void whatAnInterruptedWriteLeftIsNoObstacle() throws IOException {
        Files.createDirectories(parent.resolve("one.unfinished").resolve("deep"));

        CHECKPOINT.write(folder);

        assertEquals(List.of(folder), inside(parent));
        assertFalse(Files.exists(parent.resolve("one.unfinished")));
    }

    private void replaceInManifest(String old, String replacement) throws IOException {
        var file = folder.resolve("manifest.json");
        Files.writeString(file, Files.readString(file).replace(old, replacement));
    }

    private void assertUnreadable(String problem) {
        var refused = assertThrows(CheckpointException.class, () -> Checkpoint.read(folder));
        assertEquals("Checkpoint " + folder + ": " + problem, refused.getMessage());
    }

    private static List<Path> inside(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
