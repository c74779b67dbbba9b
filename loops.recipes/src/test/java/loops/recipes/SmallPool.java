package loops.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import loops.api.LoopState.Fields;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.OptimizerPlan;
import loops.core.training.SaveRequest;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Dropout;
import tensor.nn.Functional;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Adam;
import tensor.optim.Optimizer;

/// A small pool of random samples, and an oracle that gives one label at a time.
///
/// @param seed where all that is random comes from
/// @param samples how many samples the pool has
/// @param first how many labels there are in round 0
/// @param perRound how many further ones each round has
/// @param passes how many predictions are made of each sample
/// @param warm whether a round goes on with the values of the one before
/// @param heuristic which of [#HEURISTICS]
record SmallPool(
        long seed, int samples, int first, int perRound, int passes, boolean warm, int heuristic) {
    static final List<Heuristic> HEURISTICS =
            List.of(
                    Heuristic.random(),
                    Heuristic.entropy(),
                    Heuristic.margin(),
                    Heuristic.variationRatios(),
                    Heuristic.bald());
    private static final int INPUTS = 3;
    private static final int CLASSES = 3;
    private static final int EPOCHS = 2;
    private static final double DROPPED = 0.5;

    /// Makes equal objects each time.
    Supplier<Scenario<FitRun, FitResult>> scenarios() {
        return () -> {
            var run = run(new Member(), data());
            return new Scenario<>(loop(oneByOne()), run, run.scope());
        };
    }

    ActiveLearningLoop loop(Oracle oracle) {
        return new ActiveLearningLoop(
                new FitLoop(),
                oracle,
                config -> {
                    config.first(first).perRound(perRound).passes(passes);
                    config.heuristic(HEURISTICS.get(heuristic)).labels(samples - 1);
                    if (warm) {
                        config.warmStart();
                    }
                });
    }

    /// {@return an oracle that gives only the label of the last sample it is asked for, and none for the sample 0 at first}
    Oracle oneByOne() {
        return query -> {
            int sample = query.samples().getLast();
            return Map.of(sample, labels()[sample]);
        };
    }

    FitRun run(TrainingModule module, DataModule data) {
        return new FitRun(
                TrainingScope.of(module, RandomKey.of(seed)),
                data,
                new Hooks(List.of(), module),
                FitPlan.of(config -> config.maxEpochs(EPOCHS)),
                new SaveRequest());
    }

    long[] labels() {
        return IntStream.range(0, samples)
                .mapToLong(i -> RandomKey.of(seed).fold("labels").below(i, CLASSES))
                .toArray();
    }

    private Tensor inputs() {
        return Tensor.normal(RandomKey.of(seed).fold("inputs"), Shape.of(samples, INPUTS));
    }

    Pool data() {
        return new Pool(this);
    }

    /// A pool, with the last sample as its test part.
    record Pool(SmallPool of) implements PoolData {
        @Override
        public int poolSize() {
            return of.samples;
        }

        @Override
        public DataModule labelled(List<Labelled> known) {
            int[] rows = known.stream().mapToInt(Labelled::sample).toArray();
            long[] labels = known.stream().mapToLong(Labelled::label).toArray();
            return DataModule.of(
                    DataLoader.of(
                            TensorDataset.of(rows(rows), Tensor.of(labels)),
                            config ->
                                    config.batchSize(2)
                                            .shuffle(RandomKey.of(of.seed).fold("order"))));
        }

        @Override
        public BatchSource unlabelled(List<Integer> wanted) {
            int[] rows = wanted.stream().mapToInt(i -> i).toArray();
            return DataLoader.of(TensorDataset.of(rows(rows)), config -> config.batchSize(2));
        }

        @Override
        public List<BatchSource> testBatches() {
            int last = of.samples - 1;
            return List.of(
                    DataLoader.of(TensorDataset.of(rows(last), Tensor.of(of.labels()[last]))));
        }

        private Tensor rows(int... rows) {
            long[] index = IntStream.of(rows).asLongStream().toArray();
            return of.inputs().indexSelect(0, Tensor.of(index));
        }
    }

    // ---- by hand

    /// What a run comes to.
    ///
    /// @param labelled the samples that have a label, in the order in which they were asked for
    /// @param module what it has learned
    record Outcome(List<Labelled> labelled, Fields module) {}

    Outcome byLoop() {
        var module = new Member();
        var loop = loop(oneByOne());
        loop.run(run(module, data()));
        return new Outcome(loop.log(), TensorState.fields(module.stateDict()));
    }

    /// {@return what plain nested loops come to}
    Outcome byHand() {
        var module = new Member();
        module.initialize(RandomKey.of(seed).fold("module"));
        var known = new ArrayList<Labelled>();
        int budget = samples - 1;
        for (int round = 0; known.size() < budget; round++) {
            var key = RandomKey.of(seed).fold("round").fold(round);
            int wanted = Math.min(round == 0 ? first : perRound, budget - known.size());
            var asked = round == 0 ? drawn(key, wanted) : wanted(module, known, key, wanted);
            for (var candidate : asked) {
                known.add(new Labelled(round, candidate, labels()[candidate.sample()]));
            }
            if (!warm) {
                module.initialize(key.fold("module"));
            }
            learn(module, known);
        }
        return new Outcome(known, TensorState.fields(module.stateDict()));
    }

    private List<Candidate> drawn(RandomKey key, int count) {
        int[] order = key.fold("drawn").permutation(samples);
        return IntStream.range(0, count).mapToObj(i -> new Candidate(order[i], 0)).toList();
    }

    private List<Candidate> wanted(Member module, List<Labelled> known, RandomKey key, int count) {
        var left = new ArrayList<>(IntStream.range(0, samples).boxed().toList());
        known.forEach(labelled -> left.remove(Integer.valueOf(labelled.sample())));
        var scored = new ArrayList<Candidate>();
        for (int from = 0; from < left.size(); from += 2) {
            var part = left.subList(from, Math.min(from + 2, left.size()));
            var batchKey = key.fold("pool").fold(from / 2);
            var x = data().rows(part.stream().mapToInt(i -> i).toArray());
            var masks = batchKey.fold("dropout").fold("dropout").fold("random");
            var predicted = new Tensor[passes];
            for (int pass = 0; pass < passes; pass++) {
                var dropped = passes == 1 ? x : Functional.dropout(x, DROPPED, masks.fold(pass));
                predicted[pass] = Functional.softmax(module.out.apply(dropped), 1);
            }
            double[] scores =
                    HEURISTICS
                            .get(heuristic)
                            .scores(Tensor.stack(0, predicted), batchKey.fold("heuristic"))
                            .toDoubles();
            for (int i = 0; i < part.size(); i++) {
                scored.add(new Candidate(part.get(i), scores[i]));
            }
        }
        scored.sort((a, b) -> Double.compare(b.score(), a.score())); // stable: by sample
        return scored.subList(0, count);
    }

    private void learn(Member module, List<Labelled> known) {
        var optimizer = module.adam();
        var train = data().labelled(known).trainBatches();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            try (var batches = train.open(epoch, 0)) {
                while (batches.hasNext()) {
                    var batch = batches.next();
                    optimizer.zeroGrad();
                    Losses.crossEntropy(module.logits(batch), batch.target()).backward();
                    optimizer.step();
                }
            }
        }
    }

    /// What learns: dropout and a linear layer.
    static final class Member extends TrainingModule {
        private final Dropout dropout = child("dropout", Dropout.of(DROPPED));
        private final Linear out = child("out", Linear.of(INPUTS, CLASSES));

        private Tensor logits(Batch batch) {
            return out.apply(dropout.apply(batch.input()));
        }

        private Optimizer adam() {
            return Adam.of(parameters(), 0.05);
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            var loss = Losses.crossEntropy(logits(batch), batch.target());
            step.log("loss", loss);
            return loss;
        }

        @Override
        public void testStep(Batch batch, Step step) {
            step.log("test_loss", Losses.crossEntropy(logits(batch), batch.target()));
        }

        @Override
        public Tensor predictStep(Batch batch, Step step) {
            return Functional.softmax(logits(batch), 1);
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(adam());
        }
    }
}
