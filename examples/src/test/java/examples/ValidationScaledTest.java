package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import loops.core.training.EvaluationResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.optim.Sgd;

/// The options and the output of `loops run validation-scaled`; its short run is in [ExamplesTest].
class ValidationScaledTest {
    @Test
    void explainShowsTheTreeWithTheReplacedLoopAndRunsNothing() {
        var run = CommandLineRun.of("run", "validation-scaled", "--explain");

        assertEquals(0, run.status());
        assertEquals("", run.err());
        assertEquals("fit_loop: FitLoop, FitRun → FitResult", run.lines().getFirst());
        assertTrue(
                run.out().contains("optimizer_loop: ValidationScaledLoop, SplitRun → SplitResult"),
                run.out());
    }

    @Test
    void aBadMomentumTakesOneLine() {
        assertEquals(
                new CommandLineRun(2, "", "--momentum: is '1'; use a number from 0 to below 1\n"),
                CommandLineRun.of("run", "validation-scaled", "--momentum=1"));
    }

    @Test
    void aRunThatIsAskedToEndSaysItInOptionsAndGoesOnToTheSameNumbers(@TempDir Path folder)
            throws Exception {
        var errors = folder.resolve("errors.txt");
        var command = List.of("run", "validation-scaled", "--smoke", "--checkpoint-dir=" + folder);
        var undisturbed = CommandLineRun.of("run", "validation-scaled", "--smoke");

        var ended =
                new LoopsProcess(errors, command)
                        .endUpon(line ->
                                line.startsWith("   0")
                                        && LoopsProcess.saves(folder.resolve("plain-1")));

        assertEquals(LoopsProcess.TERMINATED, ended.status());
        assertTrue(
                LoopsProcess.errors(errors).endsWith("go on with the same command and --resume\n"),
                LoopsProcess.errors(errors));
        var resumed =
                CommandLineRun.of(
                        Stream.concat(command.stream(), Stream.of("--resume"))
                                .toArray(String[]::new));
        assertEquals(0, resumed.status(), resumed.err());
        assertEquals(
                undisturbed.lines(),
                resumed.lines().stream()
                        .filter(line ->
                                !line.startsWith("resuming from ")
                                        && !line.startsWith("nothing was saved in "))
                        .toList());
    }

    @Test
    void fourInTenOfTheLabelsToLearnFromAreWrongAndAllOthersAreRight() {
        var data = new NoisyDigits(RandomKey.of(3));
        var clean = Digits.included();
        int samples = 0;
        int wrong = 0;
        try (var batches = data.trainBatches().open(0, 0)) {
            while (batches.hasNext()) {
                var batch = batches.next();
                samples += batch.size();
                wrong += wrong(clean, batch.input().toFloats(), batch.target().toLongs());
            }
        }
        assertEquals(1338, samples);
        assertEquals(535, wrong);
        for (var held : List.of(data.validationBatches(), data.testBatches())) {
            try (var batches = held.getFirst().open(0, 0)) {
                var batch = batches.next();
                assertEquals(0, wrong(clean, batch.input().toFloats(), batch.target().toLongs()));
            }
        }
    }

    /// {@return how many labels are not those of the same pixels}
    private static int wrong(Digits clean, float[] pixels, long[] labels) {
        var known = new HashMap<String, Long>();
        for (int i = 0; i < clean.labels().length; i++) {
            known.put(image(clean.pixels(), i), clean.labels()[i]);
        }
        int wrong = 0;
        for (int i = 0; i < labels.length; i++) {
            if (!Long.valueOf(labels[i]).equals(known.get(image(pixels, i)))) {
                wrong++;
            }
        }
        return wrong;
    }

    private static String image(float[] pixels, int row) {
        int from = row * Digits.PIXELS;
        return Arrays.toString(Arrays.copyOfRange(pixels, from, from + Digits.PIXELS));
    }

    @Test
    void aLossThatIsNoNumberLeavesNoAccuracy() {
        assertEquals(0.5, NoisyDigits.accuracy(measured(2.0, 0.5)));
        assertEquals(Double.NaN, NoisyDigits.accuracy(measured(Double.NaN, 0.1)));
    }

    private static EvaluationResult measured(double loss, double accuracy) {
        var metrics = new TreeMap<>(Map.of("val_loss", loss, "val_acc", accuracy));
        return new EvaluationResult(List.of(metrics));
    }

    @Test
    void differencesAreCountedToTheLastBit() {
        var one = classifier();
        var other = classifier();

        assertEquals(0, Bits.differences(one, other));

        var weight = other.parameters().getFirst();
        weight.assign(weight.value().mul(2));
        assertEquals(64 * 8, Bits.differences(one, other));
    }

    private static DigitsClassifier classifier() {
        var model = new DigitsClassifier(8, all -> Sgd.of(all, 0.1));
        model.initialize(RandomKey.of(1));
        return model;
    }
}
