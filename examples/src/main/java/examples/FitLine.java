package examples;

import java.util.Locale;
import loops.core.Trainer;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Sgd;

/// The least that trains: a straight line through points that lie on one. This is the program of the README.
///
/// ```text
/// $ ./loops run line
/// y = 3.000 x + 2.000
/// ```
@Command(name = "line", description = "Fit a straight line: the program of the README.")
public final class FitLine implements Example {
    @Spec private CommandSpec spec = CommandSpec.create();

    /// An example without options.
    public FitLine() {}

    /// A model and its steps: the research logic, nothing else.
    // @start region=program
    static final class Line extends TrainingModule {
        private final Linear line = child("line", Linear.of(1, 1));

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            return Losses.mse(line.apply(batch.input()), batch.target());
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Sgd.of(parameters(), 0.5));
        }
    }

    // @end region=program

    @Override
    public Integer call() {
        // @start region=program
        var x = Tensor.uniform(RandomKey.of(1), Shape.of(256, 1));
        var points = DataLoader.of(TensorDataset.of(x, x.mul(3).add(2)), c -> c.batchSize(32));
        var model = new Line();
        Trainer.of(c -> c.maxEpochs(50)).fit(model, DataModule.of(points));
        // @end region=program
        double slope = model.line.weight().value().item();
        double height = model.line.bias().orElseThrow().value().item();
        spec.commandLine().getOut().printf(Locale.ROOT, "y = %.3f x + %.3f%n", slope, height);
        return 0;
    }
}
