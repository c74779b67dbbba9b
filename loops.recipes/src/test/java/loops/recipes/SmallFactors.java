package loops.recipes;

import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.training.TrainingScope;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Init;

/// A small matrix as the product of a column and a row, each solved for in its turn.
///
/// @param seed where all that is random comes from
/// @param rows of the matrix
/// @param columns of the matrix
/// @param epochs how often both are solved for
record SmallFactors(long seed, int rows, int columns, int epochs) {
    private static final long COLUMN = 0;
    private static final double PENALTY = 0.1;

    /// Makes equal objects each time.
    Supplier<Scenario<FitRun, FitResult>> scenarios() {
        return () -> {
            var run = run(new Product(this));
            return new Scenario<>(loop(), run, run.scope());
        };
    }

    private static FitLoop loop() {
        var fit = new FitLoop();
        fit.epochLoop()
                .get(TrainingEpochLoop.class)
                .batchLoop()
                .get(TrainingBatchLoop.class)
                .optimizerLoop()
                .replace(_ -> new SolveLoop());
        return fit;
    }

    private FitRun run(Product module) {
        return FitRun.of(
                TrainingScope.of(module, RandomKey.of(seed)),
                DataModule.of(sides(), sides()),
                FitPlan.of(config -> config.maxEpochs(epochs)));
    }

    /// {@return the column, then the row}
    private static BatchSource sides() {
        return DataLoader.of(
                TensorDataset.of(Tensor.of(COLUMN, 1L)), config -> config.batchSize(1));
    }

    private Tensor matrix() {
        return Tensor.normal(RandomKey.of(seed).fold("matrix"), Shape.of(rows, columns));
    }

    Fields byLoop() {
        var module = new Product(this);
        loop().run(run(module));
        return TensorState.fields(module.stateDict());
    }

    /// {@return the state of a module after plain nested loops}
    Fields byHand() {
        var module = new Product(this);
        module.initialize(RandomKey.of(seed).fold("module"));
        for (int epoch = 0; epoch < epochs; epoch++) {
            module.column.assign(module.best(module.row.value(), matrix()).detach());
            module.row.assign(module.best(module.column.value(), matrix().t()).detach());
        }
        return TensorState.fields(module.stateDict());
    }

    /// What is solved for.
    static final class Product extends SolvingModule {
        private final SmallFactors of;
        private final Parameter column;
        private final Parameter row;

        Product(SmallFactors of) {
            this.of = of;
            column = parameter("column", Shape.of(of.rows), Init.ones());
            row = parameter("row", Shape.of(of.columns), Init.uniform(0.5, 1));
        }

        private Tensor best(Tensor given, Tensor matrix) {
            return matrix.matMul(given).div(given.square().sum().add(PENALTY));
        }

        @Override
        public void solve(Batch side, Step step) {
            if (side.input().itemLong() == COLUMN) {
                column.assign(best(row.value(), of.matrix()));
            } else {
                row.assign(best(column.value(), of.matrix().t()));
            }
            step.log("size", column.value().square().sum());
        }

        @Override
        public void validationStep(Batch side, Step step) {
            step.log("val_size", row.value().square().sum());
        }
    }
}
