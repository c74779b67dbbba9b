package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.nn.Linear;
import tensor.optim.Sgd;

/// What active learning refuses, and what it says then.
class ActiveLearningErrorsTest {
    private static final SmallPool POOL = new SmallPool(3, 8, 3, 2, 2, false, 4);

    /// {@return what a run with these choices says when it fails}
    private static String refusal(
            TrainingModule module,
            DataModule data,
            Oracle oracle,
            Consumer<ActiveLearningConfig> choices,
            Consumer<TrainerConfig> ofTrainer) {
        var thrown =
                assertThrows(
                        RuntimeException.class,
                        () -> {
                            var trainer =
                                    Trainer.of(config -> ofTrainer.accept(config.maxEpochs(1)));
                            trainer.slots()
                                    .fit()
                                    .replace(fit -> new ActiveLearningLoop(fit, oracle, choices));
                            trainer.fit(module, data);
                        });
        return String.valueOf(thrown.getMessage());
    }

    private static String refusal(DataModule data, Consumer<ActiveLearningConfig> choices) {
        return refusal(
                new SmallPool.Member(), data, Oracle.of(POOL.labels()), choices, config -> {});
    }

    private static String refusal(Consumer<ActiveLearningConfig> choices) {
        return refusal(POOL.data(), choices);
    }

    @ParameterizedTest
    @CsvSource({"first", "perRound", "labels", "passes"})
    void aNumberBelowOne(String choice) {
        assertEquals(
                "ActiveLearningLoop: %s is 0; use a number from 1".formatted(choice),
                refusal(config -> {
                    switch (choice) {
                        case "first" -> config.first(0);
                        case "perRound" -> config.perRound(0);
                        case "labels" -> config.labels(0);
                        default -> config.passes(0);
                    }
                }));
    }

    @Test
    void dataThatIsNoPool() {
        var data = DataModule.of(POOL.data().testBatches().getFirst());

        assertEquals(
                "ActiveLearningLoop: the data is a %s; fit on PoolData, which knows what has no label"
                        .formatted(data.getClass().getSimpleName()),
                refusal(data, config -> {}));
    }

    @Test
    void anEmptyPool() {
        assertEquals(
                "ActiveLearningLoop: the pool has no samples; give it some to ask about",
                refusal(new SmallPool(3, 0, 1, 1, 1, false, 0).data(), config -> {}));
    }

    @Test
    void aPoolThatIsFittedByAPlainLoop() {
        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () -> Trainer.of(config -> {}).fit(new SmallPool.Member(), POOL.data()));

        assertEquals(
                "PoolData: asked for its training batches, which only the labels of a round make; fit it by an ActiveLearningLoop",
                thrown.getMessage());
    }

    @Test
    void aTimeForTheWholeRun() {
        assertEquals(
                "ActiveLearningLoop: maxTime, or a Timer of the run, would leave rounds untrained; give each a time of its own: config.callbacks(round -> List.of(Timer.of(time)))",
                refusal(
                        new SmallPool.Member(),
                        POOL.data(),
                        Oracle.of(POOL.labels()),
                        config -> {},
                        config -> config.maxTime(Duration.ofHours(1))));
    }

    @Test
    void aLabelThatNobodyAskedFor() {
        var message =
                refusal(
                        new SmallPool.Member(),
                        POOL.data(),
                        query -> Map.of(99, 0L, 98, 1L),
                        config -> config.first(8),
                        config -> {});

        assertEquals(
                "Oracle: gives labels for [98, 99], asked for [0, 1, 2, 3, 4, 5, 6, 7]; give those of samples that the query names",
                message.replaceFirst(
                        "for \\[[0-7](, [0-7]){7}\\]", "for [0, 1, 2, 3, 4, 5, 6, 7]"));
    }

    @Test
    void aScoreThatIsNoNumber() {
        var message =
                refusal(config -> config.first(1).heuristic((p, _) -> p.sum(0, 2).mul(Double.NaN)));

        assertEquals(
                "Heuristic: the score of sample # is NaN; look at what the module predicts for it, and learn with a smaller rate",
                message.replaceFirst("[0-9]", "#"));
    }

    @Test
    void scoresOfAnotherShape() {
        assertEquals(
                "Heuristic: gives scores of shape [3] for a batch of 2 samples; give one for each, of shape [2]",
                refusal(config -> config.first(1).heuristic((p, _) -> p.sum(0, 1))));
    }

    @Test
    void passesWithoutDropout() {
        var member =
                new Plain() {
                    @Override
                    public Tensor predictStep(Batch batch, Step step) {
                        return predicted(batch);
                    }
                };

        assertEquals(
                "ActiveLearningLoop: 5 passes, and %s has no Dropout: they would all be the same; give it one, or ask for 1 pass"
                        .formatted(member.getClass().getSimpleName()),
                refusal(
                        member,
                        POOL.data(),
                        Oracle.of(POOL.labels()),
                        config -> config.first(1).passes(5),
                        config -> {}));
    }

    @Test
    void aPredictionThatIsNoTable() {
        var member =
                new Plain() {
                    @Override
                    public Tensor predictStep(Batch batch, Step step) {
                        return predicted(batch).flatten();
                    }
                };

        assertEquals(
                "ActiveLearningLoop: predictStep gives [6] for a batch of 2 samples; give the probability of each class, [2, classes]",
                refusal(
                        member,
                        POOL.data(),
                        Oracle.of(POOL.labels()),
                        config -> config.first(2),
                        config -> {}));
    }

    @Test
    void aPoolThatGivesFewerSamplesThanItWasAskedFor() {
        var lacking =
                new PoolData() {
                    @Override
                    public int poolSize() {
                        return POOL.samples();
                    }

                    @Override
                    public DataModule labelled(List<Labelled> samples) {
                        return POOL.data().labelled(samples);
                    }

                    @Override
                    public BatchSource unlabelled(List<Integer> samples) {
                        return POOL.data().unlabelled(samples.subList(1, samples.size()));
                    }
                };

        assertEquals(
                "PoolData: unlabelled(..) gives 4 samples, asked for 5; give a batch source of exactly these",
                refusal(lacking, config -> config.first(3)));
    }

    /// A module without dropout.
    private abstract static class Plain extends TrainingModule {
        private final Linear out = child("out", Linear.of(3, 3));

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            return out.apply(batch.input()).mean();
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Sgd.of(parameters(), 0.1));
        }

        Tensor predicted(Batch batch) {
            return out.apply(batch.input());
        }
    }
}
