package guide;

import static loops.core.training.LogFlag.ON_EPOCH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tensor.nn.Functional.accuracy;
import static tensor.nn.Functional.softmax;
import static tensor.nn.Losses.crossEntropy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import loops.core.Resume;
import loops.core.Trainer;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.ProgressBar;
import loops.core.training.DataModule;
import loops.core.training.Limit;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Activation;
import tensor.nn.Linear;
import tensor.nn.Sequential;
import tensor.optim.Adam;

/// Modules, data and the trainer with its default loops, as `training.md` and `loops.md` show them.
class DefaultLoopGuideTest {
    @TempDir private Path folder;

    @Test
    void theDefaultTreeIsShown() {
        var trainer = Trainer.of(config -> {});

        assertEquals(
                Snippets.block("README.md", "fit_loop: FitLoop"),
                trainer.slots().fit().get().tree());
        assertEquals(
                Snippets.block("loops.md", "fit_loop: FitLoop"),
                trainer.slots().fit().get().tree());
    }

    @Test
    void aFitTrains() {
        var module = new Line();
        var data = Line.data();
        // @start region=fit
        var trainer = Trainer.of(config -> config.maxEpochs(10));
        var result = trainer.fit(module, data);
        double loss = result.metric("val_loss");
        // @end region=fit

        assertEquals(80, result.globalStep());
        assertTrue(loss < 0.05, () -> "loss " + loss);
    }

    @Test
    void theTrainerDoesAllFourThings() {
        var inputs = Tensor.uniform(RandomKey.of(3), Shape.of(20, 64));
        var targets = Tensor.of(new long[20], Shape.of(20));
        var module = new Classifier();
        var text = new StringWriter();
        var out = new PrintWriter(text);
        boolean terminal = false;

        // @start region=data
        var digits = TensorDataset.of(inputs, targets);
        var train =
                DataLoader.of(
                        digits,
                        config ->
                                config.batchSize(8)
                                        .shuffle(RandomKey.of(1))
                                        .prefetch(4)
                                        .workers(2));
        var validation = DataLoader.of(digits, config -> config.batchSize(16));
        var data = DataModule.of(train, validation);
        // @end region=data

        // @start region=trainer
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(2)
                                .seed(42)
                                .callbacks(
                                        ModelCheckpoint.everyEpoch(folder),
                                        new ProgressBar(out, terminal)));
        var result = trainer.fit(module, data);
        var measured = trainer.validate(module, data);
        // @end region=trainer

        assertEquals(2, result.epochs());
        assertEquals(result.metric("val_acc"), measured.metrics().get("val_acc"));
        assertEquals(2, text.toString().lines().count());

        // @start region=resume
        var resumed = trainer.fit(new Classifier(), data, Resume.latest(folder));
        // @end region=resume

        assertEquals(result, resumed);
    }

    @Test
    void aPlanHasTheRest() {
        var module = new Line();
        var data = Line.data();
        // @start region=plan
        var trainer =
                Trainer.of(config ->
                        config.plan(plan ->
                                plan.minEpochs(1)
                                        .maxSteps(30)
                                        .trainLimit(Limit.fraction(0.5))
                                        .validationLimit(Limit.batches(2))
                                        .validateEvery(Limit.batches(3))
                                        .sanityBatches(0)));
        // @end region=plan

        assertEquals(30, trainer.fit(module, data).globalStep());
    }

    @Test
    void aDataModuleOfItsOwnHasAllSources() {
        var all = Line.points(64);
        // @start region=sources
        var data =
                new DataModule() {
                    @Override
                    public BatchSource trainBatches() {
                        return all;
                    }

                    @Override
                    public List<BatchSource> testBatches() {
                        return List.of(all);
                    }

                    @Override
                    public List<BatchSource> predictionBatches() {
                        return List.of(all);
                    }
                };
        // @end region=sources
        var module = new Predictor();
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.fit(module, data);

        assertTrue(trainer.test(module, data).metrics().containsKey("val_loss"));
        assertEquals(8, trainer.predict(module, data).getFirst().size());
    }

    private static final class Predictor extends Line {
        @Override
        public Tensor predictStep(Batch batch, Step step) {
            return batch.input().mul(3);
        }
    }
}

// @start region=classifier
final class Classifier extends TrainingModule {
    private final Sequential net =
            child("net", Sequential.of(Linear.of(64, 64), Activation.RELU, Linear.of(64, 10)));

    @Override
    public Tensor trainingStep(Batch batch, Step step) {
        Tensor loss = crossEntropy(net.apply(batch.input()), batch.target());
        step.log("loss", loss, ON_EPOCH);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, Step step) {
        step.log("val_acc", accuracy(net.apply(batch.input()), batch.target()));
    }

    @Override
    public Tensor predictStep(Batch batch, Step step) {
        return softmax(net.apply(batch.input()), 1);
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(Adam.of(parameters(), 1e-3));
    }
}
// @end region=classifier
