package any.backend;

import loops.core.Trainer;
import loops.core.training.DataModule;
import tensor.api.Device;
import tensor.api.Tensor;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;

/// Trains on the device that the command line names, if a module at launch brings its backend.
final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        String device = arguments[0];
        try {
            Device.of(device).run(() -> train(device));
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void train(String device) {
        Tensor x = Tensor.of(-1f, 0f, 1f, 2f).reshape(4, 1);
        var data = DataModule.of(DataLoader.of(TensorDataset.of(x, x.mul(3).add(1))));
        var line = new Line();

        Trainer.of(config -> config.maxEpochs(50).device(device)).fit(line, data);

        System.out.printf("slope %.2f on %s%n", line.slope(), device);
    }
}
