package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Text;
import loops.api.Stateful;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.Trainer;
import loops.core.loop.FitLoop;
import loops.core.training.FitPlan;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tensor.api.RandomKey;
import tensor.layout.Shape;

/// The options, the parts and the output of `loops run char-model`; its short run is in [ExamplesTest].
class CharModelTest {
    private static final Novel TALE =
            Novel.of("the ship and the sea and the whale and the ship. ".repeat(200));

    @Test
    void explainShowsTheTreeWithTheLoopWhoseStateGoesOnAndRunsNothing() {
        var run = CommandLineRun.of("run", "char-model", "--explain");

        assertEquals(0, run.status());
        assertEquals("", run.err());
        assertTrue(
                run.out().contains("optimizer_loop: TbpttLoop, SplitRun → SplitResult"), run.out());
    }

    @ParameterizedTest
    @EnumSource(CharNet.class)
    void everyNetHasAName(CharNet net) {
        assertEquals(net, new CharNet.Reader().convert(net.toString()));
    }

    @Test
    void aNetThatIsNotThereTakesOneLine() {
        assertEquals(
                new CommandLineRun(2, "", "--net: is 'gru'; use one of [lstm, transformer]\n"),
                CommandLineRun.of("run", "char-model", "--net=gru"));
    }

    @Test
    void aRunThatWasSavedGoesOnToTheSameNumbersAndTexts(@TempDir Path folder) {
        var command =
                List.of(
                        "run",
                        "char-model",
                        "--smoke",
                        "--checkpoint-every=27",
                        "--checkpoint-dir=" + folder);
        var undisturbed = CommandLineRun.of(command.toArray(String[]::new));

        var resumed =
                CommandLineRun.of(
                        Stream.concat(command.stream(), Stream.of("--resume"))
                                .toArray(String[]::new));

        assertEquals(0, resumed.status(), resumed.err());
        assertEquals(told(undisturbed).subList(1, 3), told(resumed));
    }

    /// {@return the texts and the result, without times}
    private static List<String> told(CommandLineRun run) {
        return run.lines().stream()
                .filter(line -> line.startsWith("step ") || line.startsWith("char-model: "))
                .map(line -> line.replaceFirst("\\), .*", ")"))
                .toList();
    }

    /// What was written so far, as part of the world that is saved.
    private record Written(TrainingScope scope, List<String> texts) implements Stateful {
        @Override
        public Fields stateDict() {
            return Fields.of("scope", scope.stateDict()).with("texts", String.join("|", texts));
        }

        @Override
        public void loadStateDict(Fields state) {
            scope.loadStateDict(state.fields("scope"));
            texts.clear();
            texts.addAll(
                    Stream.of(((Text) state.get("texts")).value().split("\\|"))
                            .filter(t -> !t.isEmpty())
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(CharNet.class)
    void aFitCutAnywhereGoesOnAsIfUndisturbedAlsoInWhatIsWritten(CharNet net) {
        ResumeCheck.cuts(
                8,
                () -> {
                    var texts = new ArrayList<String>();
                    var learner = learner(net);
                    var scope = TrainingScope.of(learner, RandomKey.of(2));
                    var samples =
                            new TextSamples(
                                    TALE, RandomKey.of(3), 3, 5, (_, text) -> texts.add(text));
                    var run =
                            new FitRun(
                                    scope,
                                    net.data(TALE, RandomKey.of(1), 4),
                                    new Hooks(List.of(samples), learner),
                                    FitPlan.of(config -> config.maxSteps(6)),
                                    new SaveRequest());
                    return new Scenario<>(loop(net), run, new Written(scope, texts));
                });
    }

    @ParameterizedTest
    @EnumSource(CharNet.class)
    void whatIsLearnedIsWhatALoopWrittenByHandLearns(CharNet net) {
        var data = net.data(TALE, RandomKey.of(1), 3);
        var byLoop = learner(net);
        var trainer = Trainer.of(config -> config.maxEpochs(2));
        net.replaceLoops(trainer);
        trainer.fit(byLoop, data);

        var byHand = learner(net);
        byHand.initialize(RandomKey.of(0).fold("module"));
        CharsByHand.learn(byHand, data.trainBatches(), 2);

        assertEquals(0, Bits.differences(byLoop, byHand));
    }

    private static CharLearner learner(CharNet net) {
        return net.learner(TALE, true, 2000);
    }

    @Test
    void theRateOfTheTransformerRisesAndFalls() {
        var plan = learner(CharNet.TRANSFORMER);
        plan.initialize(RandomKey.of(0));
        var planned = plan.configureOptimizers().optimizers().getFirst();
        var rates = new ArrayList<Double>();
        for (int step = 0; step <= 2000; step++) {
            rates.add(planned.optimizer().learningRate());
            planned.schedulers().getFirst().scheduler().step();
        }

        assertEquals(1e-5, rates.get(0), 1e-9);
        assertEquals(1e-3, rates.get(100), 1e-9);
        assertEquals(5.5e-4, rates.get(1050), 1e-9);
        assertEquals(1e-4, rates.get(2000), 1e-9);
    }

    @Test
    void aWindowIsFollowedByTheNextOneOfItsStream() {
        try (var batches = CharNet.LSTM.data(TALE, RandomKey.of(0), 0).trainBatches().open(0, 0)) {
            var first = batches.next();
            var second = batches.next();

            assertEquals(Shape.of(32, 64), first.input().shape());
            for (int stream = 0; stream < 32; stream++) {
                long follows = first.target().select(0, stream).select(0, -1).itemLong();
                assertEquals(follows, second.input().select(0, stream).select(0, 0).itemLong());
            }
        }
    }

    @Test
    void nothingIsLearnedFromTheLastTenth() {
        var tale = Novel.of("a".repeat(90) + "b".repeat(10));

        for (var window : List.of(tale.windows(true, 8).get(10), tale.windows(false, 3).get(0))) {
            assertEquals(1, LongStream.of(window.input().toLongs()).distinct().count());
        }
        assertEquals(11, tale.windows(true, 8).size());
        assertEquals(3, tale.windows(false, 3).size());
        assertTrue(tale.draw(RandomKey.of(0), 500, 8).target().equalTo(0L).all().toBooleans()[0]);
    }

    private static FitLoop loop(CharNet net) {
        var trainer = Trainer.of(config -> {});
        net.replaceLoops(trainer);
        return trainer.slots().fit().get(FitLoop.class);
    }
}
