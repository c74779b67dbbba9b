package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import loops.core.callback.ModelCheckpoint;
import loops.core.training.DataModule;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Device;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.optim.Adam;

/// A module and batches that were made elsewhere are moved to the device of the trainer.
class DeviceOfTheTrainerTest {
    private static final Device OTHER = Device.of("reference");

    private static final class Line extends TrainingModule {
        private final Linear out = child("out", Linear.of(2, 1));
        private final Set<Device> seen = new HashSet<>();

        private Tensor loss(Batch batch) {
            seen.add(batch.input().device());
            return Losses.mse(out.apply(batch.input()), batch.target());
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            return loss(batch);
        }

        @Override
        public void validationStep(Batch batch, Step step) {
            step.log("val_loss", loss(batch));
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Adam.of(parameters(), 0.1));
        }
    }

    @Test
    void whatWasMadeElsewhereIsTrainedThere() {
        var key = RandomKey.of(1);
        var line = new Line();
        line.initialize(key);
        var data = data(key);

        trainer().fit(line, data);

        assertEquals(Set.of(OTHER), line.seen);
        assertSame(OTHER, line.out.weight().value().device());
        assertSame(
                Device.cpu(), data.trainBatches().open(0, 0).next().input().device(), "the data's");
    }

    @Test
    void whatWasMadeElsewhereIsMeasuredThere() {
        var key = RandomKey.of(1);
        var line = new Line();
        line.initialize(key);

        trainer().validate(line, data(key));

        assertEquals(Set.of(OTHER), line.seen);
        assertSame(OTHER, line.out.weight().value().device());
    }

    @Test
    void aRunThatGoesOnOnAnotherDeviceSaysSo(@TempDir Path folder) {
        fit(Device.cpu(), 1, folder, Resume.never());
        var saved = Resume.latest(folder);

        try (var warnings = new WarningsHeard()) {
            fit(OTHER, 2, folder, saved);
            assertEquals(
                    List.of(
                            "fit: %s was saved on device cpu and goes on on reference; from here on its bits are not those of a run that stays"
                                    .formatted(folder.resolve("epoch=0-step=2.ckpt"))),
                    warnings.lines());
        }
        try (var warnings = new WarningsHeard()) {
            fit(OTHER, 3, folder, saved);
            assertEquals(List.of(), warnings.lines());
        }
    }

    private static void fit(Device device, int epochs, Path folder, Resume resume) {
        var key = RandomKey.of(1);
        Trainer.of(config ->
                        config.maxEpochs(epochs)
                                .device(device.name())
                                .callbacks(ModelCheckpoint.newest(folder)))
                .fit(new Line(), data(key), resume);
    }

    private static Trainer trainer() {
        return Trainer.of(config -> config.maxEpochs(2).device(OTHER.name()));
    }

    private static DataModule data(RandomKey key) {
        var batches =
                DataLoader.of(
                        TensorDataset.of(
                                Tensor.normal(key.fold("x"), Shape.of(6, 2)),
                                Tensor.normal(key.fold("y"), Shape.of(6, 1))),
                        config -> config.batchSize(4));
        return DataModule.of(batches, batches);
    }
}
