package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import loops.api.Subscription;
import loops.core.Resume;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.callback.ModelCheckpoint;
import loops.core.logger.MemoryLogger;
import loops.core.training.Callback;
import loops.core.training.TensorState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;

/// What active learning does; its laws are in [ActiveLearningPropertyTest].
class ActiveLearningLoopTest {
    private static final SmallPool POOL = new SmallPool(3, 8, 3, 2, 2, false, 4);

    private static Trainer trainer(
            Oracle oracle, Consumer<ActiveLearningConfig> choices, Callback... callbacks) {
        var trainer = Trainer.of(config -> config.seed(3).maxEpochs(1).callbacks(callbacks));
        trainer.slots().fit().replace(fit -> new ActiveLearningLoop(fit, oracle, choices));
        return trainer;
    }

    private static ActiveLearningLoop loop(Trainer trainer) {
        return trainer.slots().fit().get(ActiveLearningLoop.class);
    }

    private static void small(ActiveLearningConfig config) {
        config.first(3).perRound(2);
    }

    @Test
    void labelsGrowRoundByRoundToThoseThatWereAskedFor() {
        var trainer =
                trainer(Oracle.of(POOL.labels()), config -> config.first(3).perRound(2).labels(6));

        trainer.fit(new SmallPool.Member(), POOL.data());

        assertEquals(
                List.of(3, 5, 6),
                loop(trainer).results().stream().map(RoundResult::labels).toList());
        assertEquals(
                List.of(0, 0, 0, 1, 1, 2),
                loop(trainer).log().stream().map(Labelled::round).toList());
        for (var labelled : loop(trainer).log()) {
            assertEquals(POOL.labels()[labelled.sample()], labelled.label());
        }
    }

    @Test
    void withoutALimitItEndsWhenEverySampleHasItsLabel() {
        var trainer = trainer(Oracle.of(POOL.labels()), ActiveLearningLoopTest::small);

        var result = trainer.fit(new SmallPool.Member(), POOL.data());

        assertEquals(
                List.of(0, 1, 2, 3, 4, 5, 6, 7),
                loop(trainer).log().stream().map(Labelled::sample).sorted().toList());
        assertEquals(4, loop(trainer).results().size());
        assertEquals(4, result.epochs());
        assertEquals(2 + 3 + 4 + 4, result.globalStep());
        assertEquals(
                loop(trainer).results().getLast().fit().metrics().get("test_loss"),
                result.metric("test_loss"));
    }

    @Test
    void aSampleThatIsWantedMostIsAskedForFirst() {
        Heuristic byNumber =
                (predicted, _) -> Tensor.arange(predicted.size(1)).cast(predicted.dtype());
        var trainer =
                trainer(
                        Oracle.of(POOL.labels()),
                        config -> config.first(1).perRound(2).labels(3).heuristic(byNumber));

        trainer.fit(new SmallPool.Member(), POOL.data());

        var log = loop(trainer).log();
        var second = log.subList(1, 3).stream().map(Labelled::candidate).toList();
        // Batches have two samples: four samples have the score 0, and three the score 1.
        assertEquals(List.of(1.0, 1.0), second.stream().map(Candidate::score).toList());
        assertTrue(second.get(0).sample() < second.get(1).sample());
    }

    @Test
    void aWarmStartGoesOnWithWhatWasLearnedAndAColdOneDoesNot() {
        var cold = new SmallPool.Member();
        var warm = new SmallPool.Member();
        trainer(Oracle.of(POOL.labels()), ActiveLearningLoopTest::small).fit(cold, POOL.data());
        trainer(Oracle.of(POOL.labels()), config -> config.first(3).perRound(2).warmStart())
                .fit(warm, POOL.data());

        assertNotEquals(TensorState.fields(cold.stateDict()), TensorState.fields(warm.stateDict()));
    }

    @Test
    void callbacksOfARoundAreMadeAnewForEach() {
        var made = new ArrayList<Integer>();
        trainer(
                        Oracle.of(POOL.labels()),
                        config -> {
                            small(config);
                            config.callbacks(round -> {
                                made.add(round);
                                return List.of();
                            });
                        })
                .fit(new SmallPool.Member(), POOL.data());

        assertEquals(List.of(0, 1, 2, 3), made);
    }

    @Test
    void aRowOfALoggerSaysOfWhichRoundItIs() {
        var logger = MemoryLogger.of("memory");
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(1).loggers(logger).plan(plan -> plan.logEvery(1)));
        trainer.slots()
                .fit()
                .replace(fit ->
                        new ActiveLearningLoop(
                                fit, Oracle.of(POOL.labels()), ActiveLearningLoopTest::small));

        trainer.fit(new SmallPool.Member(), POOL.data());

        assertEquals(
                List.of(0.0, 1.0, 2.0, 3.0),
                logger.rows().stream().map(row -> row.metrics().get("round")).distinct().toList());
    }

    @Test
    void theRunIsSavedBeforeTheOracleIsAskedAndGoesOnWhereItWaited(@TempDir Path folder) {
        var undisturbed = trainer(Oracle.of(POOL.labels()), ActiveLearningLoopTest::small);
        undisturbed.fit(new SmallPool.Member(), POOL.data());
        var asked = new ArrayList<Integer>();
        Oracle nobodyThere =
                query -> {
                    asked.add(query.round());
                    if (query.round() < 2) {
                        return Oracle.of(POOL.labels()).labels(query);
                    }
                    query.run().interrupt("labels of %s are wanted".formatted(query.samples()));
                    int first = query.samples().getFirst();
                    return Map.of(first, POOL.labels()[first]);
                };
        var left =
                trainer(nobodyThere, ActiveLearningLoopTest::small, ModelCheckpoint.newest(folder));

        var result = left.fit(new SmallPool.Member(), POOL.data());

        assertEquals(Status.INTERRUPTED, left.status());
        assertTrue(result.stopReason().orElseThrow().contains("] are wanted"), result.toString());
        assertEquals(List.of(0, 1, 2), asked);
        var later = new ArrayList<Query>();
        Oracle person =
                query -> {
                    later.add(query);
                    return Oracle.of(POOL.labels()).labels(query);
                };
        var resumed =
                trainer(person, ActiveLearningLoopTest::small, ModelCheckpoint.newest(folder));
        resumed.fit(new SmallPool.Member(), POOL.data(), Resume.latest(folder));
        assertEquals(2, later.getFirst().round());
        assertEquals(loop(undisturbed).log(), loop(resumed).log());
        assertEquals(loop(undisturbed).results(), loop(resumed).results());
    }

    @Test
    void aQueryIsToldOfBeforeTheOracleIsAsked() {
        var events = new ArrayList<String>();
        var listener =
                new Callback() {
                    @Override
                    public List<Subscription<?>> subscriptions() {
                        return List.of(
                                Subscription.to(
                                        Query.class,
                                        query -> events.add("queried " + query.round())));
                    }
                };
        Oracle oracle =
                query -> {
                    events.add("asked " + query.samples().size());
                    return POOL.oneByOne().labels(query);
                };

        trainer(oracle, config -> config.first(2).perRound(1).labels(3), listener)
                .fit(new SmallPool.Member(), POOL.data());

        assertEquals(List.of("queried 0", "asked 2", "asked 1", "queried 1", "asked 1"), events);
    }
}
