package loops.core.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    }

    @Test
    void checkpointsAreNumberedInTheirOrder() throws IOException {
        var folder = new CheckpointFolder(parent.resolve("new").resolve("er"));

        assertEquals("checkpoint-000001", name(folder.write(CHECKPOINT)));
        assertEquals("checkpoint-000002", name(folder.write(CHECKPOINT)));
        assertEquals("checkpoint-000002", name(folder.latest().orElseThrow()));
    }

    @Test
    void theLatestIsTheOneThatWasWrittenLastWhateverItIsCalled() throws IOException {
        var folder = new CheckpointFolder(parent);
        for (String name :
                List.of("last.ckpt", "epoch=0.ckpt", "epoch=1.ckpt", "checkpoint-000007")) {
            CHECKPOINT.write(parent.resolve(name));
        }
        CHECKPOINT.replace(parent.resolve("last.ckpt"));

        assertEquals(
                List.of("epoch=0.ckpt", "epoch=1.ckpt", "checkpoint-000007", "last.ckpt"),
                names(folder));
        assertEquals("last.ckpt", name(folder.latest().orElseThrow()));
        assertEquals("checkpoint-000008", name(folder.write(CHECKPOINT)));
        assertEquals(
                Optional.of(parent.resolve("epoch=1.ckpt")),
                Checkpoint.newest(
                        List.of(parent.resolve("epoch=1.ckpt"), parent.resolve("epoch=0.ckpt"))));
    }

    @Test
    void whatIsUnfinishedOrSomethingElseIsPassedOver() throws IOException {
        CHECKPOINT.write(parent.resolve("whole"));
        Files.createDirectory(parent.resolve("notes"));
        Files.writeString(parent.resolve("checkpoint-000001.txt"), "");
        CHECKPOINT.write(parent.resolve("half"));
        Files.move(parent.resolve("half"), parent.resolve("half.unfinished"));

        assertEquals(List.of("whole"), names(new CheckpointFolder(parent)));
    }

    @Test
    void oneThatDoesNotSayWhenItWasWrittenIsTakenForTheNewest() throws IOException {
        CHECKPOINT.write(parent.resolve("damaged"));
        CHECKPOINT.write(parent.resolve("whole"));
        Files.writeString(parent.resolve("damaged").resolve("manifest.json"), "{");

        assertEquals(List.of("whole", "damaged"), names(new CheckpointFolder(parent)));
    }

    @Test
    void oneThatWasBeingReplacedWhenTheProcessDiedIsStillThere() throws IOException {
        CHECKPOINT.write(parent.resolve("last.ckpt"));
        Files.move(parent.resolve("last.ckpt"), parent.resolve("last.ckpt.old"));

        assertEquals(List.of("last.ckpt"), names(new CheckpointFolder(parent)));
        Files.move(parent.resolve("last.ckpt"), parent.resolve("last.ckpt.old"));
        assertEquals(CHECKPOINT, Checkpoint.read(parent.resolve("last.ckpt")));
    }

    @Test
    void whatIsLeftOfOneThatWasReplacedGoesWithIt() throws IOException {
        CHECKPOINT.write(parent.resolve("one"));
        CHECKPOINT.write(parent.resolve("two"));
        Files.move(parent.resolve("two"), parent.resolve("one.old"));
        assertEquals(List.of("one"), names(new CheckpointFolder(parent)));

        Checkpoint.delete(parent.resolve("one"));

        assertEquals(List.of(), names(new CheckpointFolder(parent)));
    }

    private static List<String> names(CheckpointFolder folder) throws IOException {
        return folder.all().stream().map(CheckpointFolderTest::name).toList();
    }

    private static String name(Path folder) {
        return String.valueOf(folder.getFileName());
    }
}
