package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import examples.LoopsProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cross-validation that is killed again and again ends with the numbers of one that nothing disturbed.
///
/// The processes are real, and so is the signal. It comes upon a line that was read, so no time has to be guessed.
class KFoldResumeTest {
    private static final int FOLDS = 3;
    private static final int EPOCHS = 4;

    @TempDir private Path folder;

    @Test
    void aRunThatWasKilledGoesOnToTheSameNumbers() throws Exception {
        var undisturbed = kfold("undisturbed").run();
        assertEquals(0, undisturbed.status(), this::errors);
        assertEquals(FOLDS * EPOCHS, undisturbed.linesWith("epoch").size());

        var resumedFrom = new ArrayList<String>();
        Ended first = kfold("killed").killUpon(epochs(2));
        assertKilled(first);
        for (int epochs : List.of(2, 3)) {
            Ended again = kfold("killed", "--resume").killUpon(epochs(epochs));
            assertKilled(again);
            resumedFrom.addAll(again.linesWith("resuming from "));
        }
        Ended last = kfold("killed", "--resume").run();
        resumedFrom.addAll(last.linesWith("resuming from "));

        assertEquals(0, last.status(), this::errors);
        assertEquals(3, resumedFrom.size());
        assertEquals(3, new HashSet<>(resumedFrom).size(), resumedFrom::toString);
        assertEquals(results(undisturbed), results(last));
        var shown = last.linesWith("epoch");
        assertEquals(tail(undisturbed.linesWith("epoch"), shown.size()), shown);
    }

    @Test
    void aRunThatIsAskedToEndSavesItselfAndSaysHowToGoOn() throws Exception {
        var undisturbed = kfold("undisturbed").run();
        Ended ended = kfold("ended").endUpon(epochs(2));
        var place = folder.resolve("ended").resolve("interrupted.ckpt");

        assertEquals(LoopsProcess.TERMINATED, ended.status(), this::errors);
        assertEquals(
                "loops: interrupted: the process was asked to end; go on with the same command and --resume",
                errors().lines().toList().getLast());
        Ended again = kfold("ended", "--resume").run();

        assertEquals(List.of("resuming from " + place), again.linesWith("resuming from "));
        assertEquals(results(undisturbed), results(again));
        assertFalse(Files.exists(place));
    }

    @Test
    void foldsAtOnceAreLeftWhenTheProcessIsAskedToEndAndBeginAnew() throws Exception {
        var undisturbed = kfold("undisturbed").run();
        Ended ended = kfold("ended", "--parallel=2").endUpon(line -> line.startsWith("fold 2"));

        assertEquals(LoopsProcess.TERMINATED, ended.status(), this::errors);
        var said = errors().lines().filter(line -> line.startsWith("loops: ")).toList();
        assertEquals(2, said.size(), this::errors);
        assertEquals(
                "loops: asked to end; the run is left at its next safe point", said.getFirst());
        assertTrue( // the signal may come before the round begins
                said.getLast()
                        .matches(
                                "loops: interrupted: the process was asked to end(, and the folds under way begin anew)?; go on with the same command and --resume"),
                this::errors);
        Ended again = kfold("ended", "--parallel=2", "--resume").run();

        assertEquals(1, again.linesWith("fold 3 of 3").size(), this::errors);
        assertEquals(0, again.linesWith("fold 2 of 3").size(), this::errors);
        assertEquals(results(undisturbed), results(again));
    }

    @Test
    void theNetworkThatIsComparedWithIsSavedToo() throws Exception {
        var undisturbed = kfold("undisturbed", "--versus=512").run();
        var others = folder.resolve("ended").resolve("versus-512");

        Ended ended =
                kfold("ended", "--versus=512")
                        .endUpon(line -> line.startsWith("ensemble") && isSaved(others));

        assertEquals(LoopsProcess.TERMINATED, ended.status(), this::errors);
        var place = others.resolve("interrupted.ckpt");
        assertTrue(Files.exists(place), this::errors);
        Ended again = kfold("ended", "--versus=512", "--resume").run();

        assertEquals("resuming from " + place, again.linesWith("resuming from ").getLast());
        assertEquals(undisturbed.linesWith("with 512"), again.linesWith("with 512"));
    }

    /// Waits until there is a checkpoint.
    private static boolean isSaved(Path where) {
        String[] names = where.toFile().list();
        while (names == null || names.length == 0) {
            Thread.onSpinWait();
            names = where.toFile().list();
        }
        return true;
    }

    private LoopsProcess kfold(String run, String... more) {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "kfold",
                                "--folds=" + FOLDS,
                                "--epochs=" + EPOCHS,
                                "--hidden=8",
                                "--batch-size=128",
                                "--lr=0.01",
                                "--checkpoint-every=5",
                                "--checkpoint-dir=" + folder.resolve(run)));
        arguments.addAll(List.of(more));
        return new LoopsProcess(folder.resolve("errors.txt"), arguments);
    }

    /// {@return holds for the line with which so many epochs have been shown}
    private static Predicate<String> epochs(int count) {
        var seen = new ArrayList<String>();
        return line -> line.startsWith("epoch") && seen.add(line) && seen.size() == count;
    }

    private void assertKilled(Ended ended) {
        assertEquals(LoopsProcess.KILLED, ended.status(), this::errors);
        assertFalse(ended.lines().stream().anyMatch(line -> line.startsWith("fold  accuracy")));
    }

    /// {@return the final table without its last column, the line of the ensemble and the last lines}
    private static List<String> results(Ended ended) {
        var lines =
                ended.lines().stream()
                        .dropWhile(line -> !line.startsWith("fold  accuracy"))
                        .toList();
        assertEquals(FOLDS + 5, lines.size());
        assertTrue(lines.getLast().startsWith("kfold: accuracy "), lines.getLast());
        return lines.stream()
                .map(line -> line.matches(" +[0-9].*") ? line.replaceFirst(" +\\S+$", "") : line)
                .toList();
    }

    private static List<String> tail(List<String> lines, int count) {
        return lines.subList(lines.size() - count, lines.size());
    }

    private String errors() {
        try {
            return LoopsProcess.errors(folder.resolve("errors.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
