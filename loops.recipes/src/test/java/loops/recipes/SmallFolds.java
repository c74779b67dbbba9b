package loops.recipes;

import java.util.List;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.OptimizerPlan;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Splits;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Dropout;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Adam;
import tensor.optim.Optimizer;

/// A small cross-validation: a dropout layer and a linear one, on random samples.
///
/// @param seed where all that is random comes from
/// @param folds how many folds
/// @param samples how many samples, all folds together
/// @param epochs how long each fold is trained
/// @param tested whether there is a test part for the ensemble
/// @param stopAt after how many batches a callback of the fold asks for a stop
record SmallFolds(long seed, int folds, int samples, int epochs, boolean tested, int stopAt) {
    private static final int INPUTS = 3;
    private static final int CLASSES = 2;

    /// Makes equal objects each time.
    Supplier<Scenario<FitRun, FitResult>> scenarios() {
        return () -> {
            var run = run(new Members(folds), data());
            return new Scenario<>(loop(), run, world(run));
        };
    }

    KFoldLoop loop() {
        return new KFoldLoop(folds, new FitLoop(), _ -> List.of(new Stopper(stopAt)));
    }

    ParallelKFoldLoop parallel(int atOnce) {
        return new ParallelKFoldLoop(
                folds, atOnce, FitLoop::new, _ -> List.of(new Stopper(stopAt)));
    }

    FitRun run(TrainingModule module, DataModule data) {
        return new FitRun(
                TrainingScope.of(module, RandomKey.of(seed)),
                data,
                new Hooks(List.of(), module),
                FitPlan.of(config -> config.maxEpochs(epochs)),
                new SaveRequest());
    }

    private static Stateful world(FitRun run) {
        return new Stateful() {
            @Override
            public Fields stateDict() {
                return run.scope().stateDict();
            }

            @Override
            public void loadStateDict(Fields state) {
                run.scope().loadStateDict(state);
            }
        };
    }

    FoldData data() {
        var all = dataset("folds", samples);
        var parts = Splits.kFold(samples, folds, RandomKey.of(seed).fold("split"));
        return new FoldData() {
            @Override
            public DataModule fold(int index, int count) {
                var part = parts.get(index);
                return DataModule.of(
                        source(all.subset(part.train())), source(all.subset(part.held())));
            }

            @Override
            public BatchSource trainBatches() {
                return source(all);
            }

            @Override
            public List<BatchSource> testBatches() {
                return tested ? List.of(source(dataset("test", 3))) : List.of();
            }
        };
    }

    /// {@return the model of one fold, trained by loops that are written by hand}
    Member byHand(int fold) {
        var member = new Member();
        member.initialize(RandomKey.of(seed).fold("fold").fold(fold).fold("module"));
        var optimizer = member.adam();
        var train = data().fold(fold, folds).trainBatches();
        for (int epoch = 0; epoch < epochs; epoch++) {
            try (var batches = train.open(epoch, 0)) {
                while (batches.hasNext()) {
                    var batch = batches.next();
                    optimizer.zeroGrad();
                    Losses.crossEntropy(member.logits(batch), batch.target()).backward();
                    optimizer.step();
                }
            }
        }
        return member;
    }

    private BatchSource source(TensorDataset dataset) {
        return DataLoader.of(
                dataset, config -> config.batchSize(2).shuffle(RandomKey.of(seed).fold("order")));
    }

    private TensorDataset dataset(String name, int size) {
        var key = RandomKey.of(seed).fold(name);
        var targets = new long[size];
        for (int i = 0; i < size; i++) {
            targets[i] = key.fold("targets").below(i, CLASSES);
        }
        return TensorDataset.of(
                Tensor.normal(key.fold("inputs"), Shape.of(size, INPUTS)), Tensor.of(targets));
    }

    /// The model of one fold.
    static final class Member extends TrainingModule {
        private final Dropout dropout = child("dropout", Dropout.of(0.5));
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
        public void validationStep(Batch batch, Step step) {
            step.log("val_loss", Losses.crossEntropy(logits(batch), batch.target()));
        }

        @Override
        public Tensor predictStep(Batch batch, Step step) {
            return logits(batch);
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(adam());
        }
    }

    /// The models of all folds.
    static final class Members extends Ensemble<Member> {
        Members(int size) {
            super(size, Member::new);
        }

        @Override
        public void testStep(Batch batch, Step step) {
            step.log("test_loss", Losses.crossEntropy(predictStep(batch, step), batch.target()));
        }
    }

    /// Asks for a stop of the fold after some batches.
    private static final class Stopper implements Callback {
        private final int at;
        private long batches;

        Stopper(int at) {
            this.at = at;
        }

        @Override
        public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
            batches++;
            if (batches == at) {
                run.stop("after " + at + " batches");
            }
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("batches", batches);
        }

        @Override
        public void loadStateDict(Fields state) {
            batches = state.num("batches");
        }
    }
}
