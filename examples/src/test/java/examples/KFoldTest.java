package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The options, the output and the errors of `loops run kfold`.
class KFoldTest {
    private static final List<String> SMALL =
            List.of("run", "kfold", "--folds=2", "--epochs=1", "--hidden=4", "--batch-size=256");

    @TempDir private Path folder;

    @Test
    void aBadValueTakesOneLineAndNothingIsWritten() {
        assertRefused("--folds: is '1'; use a whole number from 2 to 1000", "--folds=1");
        assertRefused("--epochs: is '0'; use a whole number from 1 to 1000000", "--epochs=0");
        assertRefused("--hidden: is 'x'; use a whole number from 1 to 65536", "--hidden=x");
        assertRefused(
                "--batch-size: is '-1'; use a whole number from 1 to 1000000", "--batch-size=-1");
        assertRefused("--parallel: is '0'; use a whole number from 1 to 1000000", "--parallel=0");
        assertRefused("--lr: is '0'; use a number above 0", "--lr=0");
        assertRefused("--lr: is 'NaN'; use a number above 0", "--lr=NaN");
        assertRefused("--seed: is '-1'; use a whole number from 0 to 2147483647", "--seed=-1");
        assertRefused(
                "--device: is 'gpu'; device 'gpu': no backend has that name; found [cpu, cuda, opencl, reference]",
                "--device=gpu");
        assertRefused(
                "--checkpoint-every: is '0'; use a whole number from 1 to 2147483647",
                "--checkpoint-every=0");
    }

    @Test
    void moreFoldsThanTheRarestClassHasMembersAreRefused() {
        assertRefused(
                "--folds: is '1000'; the rarest class has 156 members to learn from, use at most that",
                "--folds=1000");
    }

    @Test
    void anOptionThatNeedsAFolderSaysSo() {
        assertEquals(
                new CommandLineRun(2, "", "--checkpoint-every: is '3'; needs --checkpoint-dir\n"),
                small("--checkpoint-every=3"));
        assertEquals(
                new CommandLineRun(2, "", "--resume: needs --checkpoint-dir\n"), small("--resume"));
    }

    @Test
    void aFileInThePlaceOfTheFolderIsRefused() throws IOException {
        var file = Files.createFile(folder.resolve("taken"));

        assertEquals(
                new CommandLineRun(
                        2, "", "--checkpoint-dir: is '" + file + "', a file; name a folder\n"),
                small("--checkpoint-dir=" + file));
    }

    @Test
    void equalSeedsGiveEqualNumbersAndOthersDoNot() {
        var run = small("--seed=7");

        assertEquals("", run.err());
        assertEquals(0, run.status());
        assertEquals(run.numbers(), small("--seed=7").numbers());
        assertNotEquals(run.numbers(), small("--seed=8").numbers());
    }

    @Test
    void theOutputEndsWithTheTableTheEnsembleAndTheSpread() {
        var lines = small("--epochs=2").lines();

        assertEquals(13, lines.size());
        assertEquals("fold 1 of 2", lines.getFirst());
        assertTrue(
                lines.get(1)
                        .matches(
                                "epoch 1/2  val_loss \\d\\.\\d{4}  val_acc 0\\.\\d{4}  loss \\d\\.\\d{4}"),
                lines.get(1));
        assertEquals("fold  accuracy    loss  epochs  seconds", lines.get(6));
        assertTrue(
                lines.get(7).matches("   1    0\\.\\d{4}  \\d\\.\\d{4}       2  +\\d+\\.\\d"),
                lines.get(7));
        assertTrue(
                lines.get(9).matches("ensemble on the test part: accuracy 0\\.\\d{4}"),
                lines.get(9));
        assertTrue(
                lines.get(11)
                        .matches("kfold digits: accuracy 0\\.\\d{4} \\+- 0\\.\\d{4} \\(2 folds\\)"),
                lines.get(11));
        assertTrue(
                lines.get(12)
                        .matches(
                                "kfold: accuracy 0\\.\\d{4}, true mean within .* to .* at confidence 0\\.95"),
                lines.get(12));
    }

    @Test
    void foldsAtOnceGiveTheNumbersOfFoldsInSeries() {
        var series = small("--folds=3").numbers();
        var parallel = small("--folds=3", "--parallel=2").numbers();

        for (int fold = 1; fold <= 3; fold++) {
            String line = parallel.get(fold - 1);
            assertTrue(line.matches("fold " + fold + " of 3  val_loss .*  val_acc .*"), line);
        }
        assertEquals("fold  accuracy    loss  epochs  seconds", parallel.get(3));
        assertEquals(tail(series, 8), tail(parallel, 8));
    }

    @Test
    void aRunInSeriesIsGoneOnWithInParallelAndTheOtherWayRound() {
        var saved = "--checkpoint-dir=" + folder.resolve("saved");
        var series = small("--folds=3", saved).numbers();
        var parallel = small("--folds=3", saved, "--resume", "--parallel=2").numbers();
        var back = small("--folds=3", saved, "--resume").numbers();

        assertEquals(tail(series, 8), tail(parallel, 8));
        assertEquals(tail(series, 8), tail(back, 8));
    }

    @Test
    void howOftenIsSavedMayChangeFromRunToRun() throws IOException {
        var place = folder.resolve("saved");
        var saved = "--checkpoint-dir=" + place;
        var series = small(saved, "--checkpoint-every=3").numbers();

        for (var more : List.of("--checkpoint-every=2", "--checkpoint-every=3", "--seed=0")) {
            var again = small(saved, "--resume", more);

            assertEquals("", again.err());
            assertEquals(tail(series, 7), tail(again.numbers(), 7));
            assertEquals(2, new CheckpointFolder(place).all().size());
        }
    }

    @Test
    void foldsAtOnceAreSavedAfterEachRound() throws IOException {
        var saved = folder.resolve("rounds");

        var run = small("--folds=3", "--parallel=2", "--checkpoint-dir=" + saved);

        assertEquals(0, run.status());
        assertEquals(2, new CheckpointFolder(saved).all().size());
    }

    private static List<String> tail(List<String> lines, int count) {
        return lines.subList(lines.size() - count, lines.size());
    }

    @Test
    void anotherNetworkIsComparedOnTheSameFolds() {
        var alone = small("--hidden=6").lines();
        var lines = small("--versus=6").lines();

        String summary =
                alone.get(alone.size() - 2)
                        .replaceFirst("^kfold digits: (accuracy \\S+ \\+- \\S+) .*", "$1");
        String compared = lines.get(lines.size() - 4);
        assertTrue(
                compared.startsWith("with 6 units: " + summary + ", difference "),
                () -> compared + " without " + summary);
        assertTrue(compared.matches(".*, paired t-test p [01]\\.\\d{4}"), compared);
        assertEquals(small().lines().getLast(), lines.getLast());
    }

    @Test
    void theOtherNetworkIsSavedInAFolderOfItsOwnAndGoneOnWith() throws IOException {
        var place = folder.resolve("saved");
        var saved = "--checkpoint-dir=" + place;
        var whole = small(saved, "--versus=6").numbers();
        var others = new CheckpointFolder(place.resolve("versus-6"));
        Checkpoint.delete(others.latest().orElseThrow());
        var left = others.latest().orElseThrow();

        var run = small(saved, "--versus=6", "--resume");

        assertEquals("", run.err());
        assertEquals("resuming from " + left, run.lines().get(1));
        assertEquals(tail(whole, 7), tail(run.numbers(), 7));
        assertEquals(
                "nothing was saved in " + place.resolve("versus-5") + "; starting anew",
                small(saved, "--versus=5", "--resume").lines().get(1));
    }

    @Test
    void theSameNetworkIsNoBetter() {
        var lines = small("--hidden=6", "--versus=6").lines();

        String compared = lines.get(lines.size() - 4);
        assertTrue(compared.endsWith(", difference 0.0000, the same in all folds"), compared);
    }

    @Test
    void explainShowsTheLoopAroundTheFitAndRunsNothing() {
        var run = small("--explain");

        assertEquals(0, run.status());
        assertEquals("fit_loop: KFoldLoop, FitRun → FitResult", run.lines().getFirst());
        assertTrue(run.lines().contains("  advance(): runs fit_loop"), run.out());
        assertTrue(run.lines().contains("  fit_loop: FitLoop, FitRun → FitResult"), run.out());
        assertEquals(
                "fit_loop: ParallelKFoldLoop, FitRun → FitResult",
                small("--explain", "--parallel=2").lines().getFirst());
    }

    @Test
    void theClaimIsMadeOfTheDefaultChoicesAlone() {
        var usual = KFoldTarget.of(new KFoldOptions());
        var options = new KFoldOptions();
        options.hidden = 65;
        options.seed = 3;
        var other = KFoldTarget.of(options);

        assertTrue(usual.reached(0.970));
        assertFalse(usual.reached(0.9699));
        assertEquals(Optional.empty(), usual.absence());
        assertTrue(other.reached(0.15));
        assertEquals(
                Optional.of(
                        "no target for --hidden 65 --seed 3: the default choices must reach accuracy 0.970"),
                other.absence());
    }

    @Test
    void aSmokeRunIsShortUnlessItIsToldOtherwise() {
        var lines = CommandLineRun.of("run", "kfold", "--smoke", "--folds=3", "--hidden=4").lines();

        assertEquals("fold 3 of 3", lines.get(6));
        assertTrue(lines.get(8).startsWith("epoch 2/2  "), lines.get(8));
        assertEquals(
                "no target for --folds 3 --epochs 2 --hidden 4: the default choices must reach accuracy 0.970",
                lines.get(lines.size() - 3));
        assertTrue(lines.getLast().startsWith("kfold: accuracy "), lines.getLast());
    }

    @Test
    void whereNothingWasSavedResumeStartsAnewAndSaysSo() throws IOException {
        var saved = folder.resolve("new");

        var run = small("--resume", "--checkpoint-dir=" + saved);

        assertEquals("", run.err());
        assertEquals("nothing was saved in " + saved + "; starting anew", run.lines().getFirst());
        assertEquals(small().numbers(), run.numbers().subList(1, run.lines().size()));
        assertEquals(2, new CheckpointFolder(saved).all().size());
    }

    @Test
    void aFolderWithAnEarlierRunIsNotMixedWithAnother() {
        var saved = "--checkpoint-dir=" + folder.resolve("saved");
        small(saved);

        assertEquals(
                new CommandLineRun(
                        2,
                        "",
                        "--checkpoint-dir: is '%s', which holds an earlier run; add --resume to go on with it, or name another folder\n"
                                .formatted(folder.resolve("saved"))),
                small(saved));
    }

    @Test
    void aRunGoesOnOnlyWithTheOptionsThatItWasSavedWith() throws IOException {
        var saved = "--checkpoint-dir=" + folder.resolve("saved");
        var undisturbed = small(saved);

        assertResumeRefused(saved, "--folds", "3", "2");
        assertResumeRefused(saved, "--epochs", "2", "1");
        assertResumeRefused(saved, "--hidden", "5", "4");
        assertResumeRefused(saved, "--batch-size", "32", "256");
        assertResumeRefused(saved, "--lr", "0.5", "0.001");
        assertResumeRefused(saved, "--seed", "1", "0");
        assertEquals(
                new CommandLineRun(
                        2,
                        "",
                        "--data: is not what the run in '%s' was saved with; give the same\n"
                                .formatted(folder.resolve("saved"))),
                small(saved, "--resume", "--data=" + digits(400)));
        var resumed = small(saved, "--resume").numbers();
        assertEquals(
                undisturbed.numbers().subList(4, undisturbed.lines().size()),
                resumed.subList(resumed.size() - 7, resumed.size()));
    }

    @Test
    void aDamagedCheckpointTakesOneLine() throws IOException {
        var saved = folder.resolve("saved");
        small("--checkpoint-dir=" + saved);
        var checkpoint = new CheckpointFolder(saved).latest().orElseThrow();
        Files.writeString(checkpoint.resolve("manifest.json"), "{}");

        assertEquals(
                new CommandLineRun(
                        1,
                        "",
                        "kfold: Checkpoint %s: manifest.json is not that of a checkpoint\n"
                                .formatted(checkpoint)),
                small("--checkpoint-dir=" + saved, "--resume"));
    }

    @Test
    void aFileOfDigitsIsRead() throws IOException {
        var run = small("--data=" + digits(200));

        assertEquals("", run.err());
        assertEquals(0, run.status());
    }

    @Test
    void aFileThatIsNoTableOfDigitsIsNamedWithLineAndColumn() throws IOException {
        var missing = folder.resolve("missing.csv");
        assertEquals(
                new CommandLineRun(1, "", "kfold: " + missing + ": there is no such file\n"),
                small("--data=" + missing));
        assertBadData(
                ", line 2, column 3: 'x' is not a finite number",
                digit(1),
                "1,2,x" + digit(3).substring(5));
        assertBadData(
                ", line 2, column 4: the row has 3 values, the first row has 65",
                digit(1),
                "1,2,3");
        assertBadData(
                ", line 1, column 4: the row has 3 values; a digit is 64 pixels and its class",
                "1,2,3");
        assertBadData(
                ", line 1, column 66: the row has 66 values; a digit is 64 pixels and its class",
                digit(1) + ",0");
        assertBadData(
                ", line 2, column 65: the class is 10; use 0 to 9", digit(1), digit(10), digit(2));
        assertBadData(", line 1, column 1: the file has no rows");
    }

    private void assertBadData(String fault, String... lines) throws IOException {
        var file = Files.write(folder.resolve("bad.csv"), List.of(lines));
        var saved = folder.resolve("never");

        assertEquals(
                new CommandLineRun(1, "", "kfold: " + file + fault + "\n"),
                small("--data=" + file, "--checkpoint-dir=" + saved));
        assertFalse(Files.exists(saved));
    }

    private void assertRefused(String line, String option) {
        var saved = folder.resolve("never");

        assertEquals(
                new CommandLineRun(2, "", line + "\n"),
                CommandLineRun.of("run", "kfold", "--checkpoint-dir=" + saved, option));
        assertFalse(Files.exists(saved));
    }

    private static void assertResumeRefused(String saved, String option, String value, String was) {
        assertEquals(
                new CommandLineRun(
                        2,
                        "",
                        "%s: is '%s', but the run was saved with '%s'; give the same, or name another folder\n"
                                .formatted(option, value, was)),
                small(saved, "--resume", option + "=" + value));
    }

    /// {@return a run with small settings, unless `more` says otherwise}
    private static CommandLineRun small(String... more) {
        var arguments = new ArrayList<>(SMALL);
        for (String option : more) {
            arguments.removeIf(small -> small.startsWith(option.replaceFirst("=.*", "=")));
            arguments.add(option);
        }
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    /// {@return a file of digits, each class equally often}
    private Path digits(int count) throws IOException {
        return Files.write(
                folder.resolve("digits.csv"),
                IntStream.range(0, count).mapToObj(i -> digit(i % 10)).toList());
    }

    private static String digit(int label) {
        int[] pixels = new int[64];
        Arrays.fill(pixels, label);
        return Arrays.stream(pixels).mapToObj(Integer::toString).collect(Collectors.joining(","))
                + ","
                + label;
    }

    @Test
    void aLossThatIsNoNumberIsNamedAndReachesNothing() {
        var run = CommandLineRun.of("run", "kfold", "--smoke", "--lr=1e30");

        assertEquals(1, run.status());
        assertTrue(
                run.out()
                        .contains(
                                "the loss of fold 1 is NaN: nothing was learned, use a smaller --lr\n"),
                run.out());
    }
}
