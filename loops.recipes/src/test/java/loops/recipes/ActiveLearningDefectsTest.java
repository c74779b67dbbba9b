package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import loops.core.Trainer;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.TensorState;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;

/// What the original's loop of active learning (Lightning Flash) does wrong, a to g, and what holds here.
class ActiveLearningDefectsTest {
    private static final SmallPool POOL = new SmallPool(3, 8, 3, 2, 2, false, 4);

    private static Trainer trainer(
            int epochs, Consumer<ActiveLearningConfig> choices, Callback... callbacks) {
        var trainer = Trainer.of(config -> config.seed(3).maxEpochs(epochs).callbacks(callbacks));
        trainer.slots()
                .fit()
                .replace(fit -> new ActiveLearningLoop(fit, Oracle.of(POOL.labels()), choices));
        return trainer;
    }

    private static ActiveLearningLoop loop(Trainer trainer) {
        return trainer.slots().fit().get(ActiveLearningLoop.class);
    }

    private static void small(ActiveLearningConfig config) {
        config.first(3).perRound(2);
    }

    /// The original scores the first sample of each batch, and takes its place among the batches for one in the pool.
    @Test
    void aEverySampleOfABatchIsScored() {
        var scored = new ArrayList<Integer>();
        Heuristic second =
                (predicted, _) -> {
                    scored.add(predicted.size(1));
                    return Tensor.arange(predicted.size(1)).cast(DType.FLOAT32);
                };
        var trainer = trainer(1, config -> config.first(3).perRound(2).labels(5).heuristic(second));

        trainer.fit(new SmallPool.Member(), POOL.data());

        assertEquals(List.of(2, 2, 1), scored);
        var log = loop(trainer).log();
        var first = log.subList(0, 3).stream().map(Labelled::sample).toList();
        var left = IntStream.range(0, 8).boxed().filter(i -> !first.contains(i)).toList();
        assertEquals(
                List.of(left.get(1), left.get(3)),
                log.subList(3, 5).stream().map(Labelled::sample).toList());
    }

    /// The original takes the highest scores, also of heuristics whose low scores are the unsure ones.
    @Test
    void bTheLeastSureComesFirst() {
        var surest = new ArrayList<Double>();
        Heuristic watching =
                (predicted, key) -> {
                    for (double probability : predicted.mean(0).max(1).toDoubles()) {
                        surest.add(probability);
                    }
                    return Heuristic.variationRatios().scores(predicted, key);
                };
        var trainer =
                trainer(1, config -> config.first(1).perRound(6).labels(7).heuristic(watching));

        trainer.fit(new SmallPool.Member(), POOL.data());

        double leastSure = surest.stream().mapToDouble(p -> p).min().orElseThrow();
        assertEquals(7, surest.size());
        assertEquals(1 - leastSure, loop(trainer).log().get(1).candidate().score(), 1e-6);
    }

    /// The original keeps one mask for as long as batches have one shape.
    @Test
    void cEveryPassDropsSomethingElseAndNothingOfItStays() {
        var passes = new ArrayList<float[]>();
        var modes = new ArrayList<Boolean>();
        Heuristic watching =
                (predicted, key) -> {
                    for (int pass = 0; pass < predicted.size(0); pass++) {
                        passes.add(predicted.select(0, pass).toFloats());
                    }
                    return Heuristic.bald().scores(predicted, key);
                };
        var callback =
                new Callback() {
                    @Override
                    public void onTrainStart(RunView run) {
                        modes.add(run.module().training());
                    }
                };

        trainer(1, config -> config.first(3).perRound(4).passes(6).heuristic(watching), callback)
                .fit(new SmallPool.Member(), POOL.data());

        assertTrue(passes.stream().map(Arrays::toString).distinct().count() > 6, passes.toString());
        assertFalse(modes.contains(false));
    }

    /// The original brings back the values of the weights, and leaves the optimizers as they are.
    @Test
    void dARoundBeginsWithNewOptimizers() {
        var seen = new ArrayList<String>();
        var callback =
                new Callback() {
                    @Override
                    public void onTrainStart(RunView run) {
                        var optimizer = run.optimizers().getFirst().optimizer();
                        seen.add("%d %s".formatted(run.globalStep(), optimizer.stateDict()));
                    }
                };

        trainer(2, ActiveLearningDefectsTest::small, callback)
                .fit(new SmallPool.Member(), POOL.data());

        assertEquals(4, seen.size());
        assertEquals(1, seen.stream().distinct().count(), seen.toString());
    }

    /// In the original a second fit does nothing.
    @Test
    void eASecondFitBeginsAnew() {
        var trainer = trainer(1, ActiveLearningDefectsTest::small);
        var module = new SmallPool.Member();
        module.initialize(RandomKey.of(9));
        var first = trainer.fit(module, POOL.data());
        var log = loop(trainer).log();
        module.initialize(RandomKey.of(9));

        var second = trainer.fit(module, POOL.data());

        assertEquals(first, second);
        assertEquals(log, loop(trainer).log());
    }

    /// In the original the first weights are in no checkpoint, so later rounds of a resumed run begin with others.
    @Test
    void fWhatARoundBeginsWithComesFromItsKeyAlone() {
        var begun = new ArrayList<Object>();
        var callback =
                new Callback() {
                    @Override
                    public void onTrainStart(RunView run) {
                        begun.add(TensorState.fields(run.module().stateDict()));
                    }
                };
        trainer(1, ActiveLearningDefectsTest::small, callback)
                .fit(new SmallPool.Member(), POOL.data());

        for (int round = 0; round < 4; round++) {
            var alone = new SmallPool.Member();
            alone.initialize(RandomKey.of(3).fold("round").fold(round).fold("module"));
            assertEquals(TensorState.fields(alone.stateDict()), begun.get(round));
        }
    }

    /// In the original a stop that one round asks for ends all later ones at once.
    @Test
    void gAStopBelongsToItsRound() {
        var stopper =
                new Callback() {
                    @Override
                    public void onTrainEpochEnd(RunView run) {
                        if (run.scope().batches() == 2) { // the first epoch of the first round
                            run.stop("enough");
                        }
                    }
                };
        var trainer = trainer(3, ActiveLearningDefectsTest::small, stopper);

        trainer.fit(new SmallPool.Member(), POOL.data());

        assertEquals(
                List.of(1, 3, 3, 3),
                loop(trainer).results().stream().map(round -> round.fit().epochs()).toList());
    }
}
