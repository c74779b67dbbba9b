package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import loops.recipes.TaskModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tensor.api.RandomKey;
import tensor.layout.Shape;

/// The options and the output of `loops run meta-learning`; its short run is in [ExamplesTest].
class MetaLearningTest {
    @Test
    void explainShowsTheTreeWithTheInnerLoopAndRunsNothing() {
        var run = CommandLineRun.of("run", "meta-learning", "--explain");

        assertEquals(0, run.status());
        assertEquals("", run.err());
        assertTrue(
                run.out().contains("optimizer_loop: MetaLearningLoop, SplitRun → SplitResult"),
                run.out());
        assertTrue(
                run.out()
                        .contains(
                                "inner_loop: AdaptationLoop, AdaptationRun → SequencedMap<String, Tensor>"),
                run.out());
    }

    @ParameterizedTest
    @EnumSource(MetaMethod.class)
    void everyMethodHasAName(MetaMethod method) {
        assertEquals(method, new MetaMethod.Reader().convert(method.toString()));
    }

    @Test
    void aMethodThatIsNotThereTakesOneLine() {
        assertEquals(
                new CommandLineRun(
                        2, "", "--method: is 'sgd'; use one of [maml, fomaml, anil, reptile]\n"),
                CommandLineRun.of("run", "meta-learning", "--method=sgd"));
    }

    @Test
    void aRunThatWasSavedGoesOnToTheSameNumbers(@TempDir Path folder) {
        var command =
                List.of(
                        "run",
                        "meta-learning",
                        "--smoke",
                        "--method=reptile",
                        "--checkpoint-every=7",
                        "--checkpoint-dir=" + folder);
        var undisturbed = CommandLineRun.of(command.toArray(String[]::new));

        var resumed =
                CommandLineRun.of(
                        Stream.concat(command.stream(), Stream.of("--resume"))
                                .toArray(String[]::new));

        assertEquals(0, resumed.status(), resumed.err());
        assertEquals(losses(undisturbed), losses(resumed));
    }

    private static List<String> losses(CommandLineRun run) {
        return run.lines().stream().filter(line -> line.matches(" +[0-9]+ .*")).toList();
    }

    @Test
    void aTaskHasTenPointsToAdaptTo() {
        var data = new Sinusoids(RandomKey.of(1), 3, 2);
        try (var batches = data.trainBatches().open(0, 2)) {
            var batch = batches.next();

            assertEquals(Shape.of(25, 10, 1), batch.part(TaskModule.SUPPORT).input().shape());
            assertEquals(Shape.of(25, 10, 1), batch.part(TaskModule.QUERY).target().shape());
        }
        try (var batches = data.testBatches().getFirst().open(0, 0)) {
            assertEquals(
                    Shape.of(100, 100, 1), batches.next().part(TaskModule.QUERY).input().shape());
        }
    }
}
