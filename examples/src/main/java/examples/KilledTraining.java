package examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import loops.core.Resume;
import loops.core.Trainer;
import loops.core.callback.LambdaCallback;
import loops.core.callback.ModelCheckpoint;
import loops.core.logger.CsvLogger;
import loops.core.training.DataModule;
import loops.core.training.HookPoint;
import tensor.api.RandomKey;
import tensor.io.TensorFile;
import tensor.nn.Activation;
import tensor.nn.Dropout;
import tensor.nn.Linear;
import tensor.nn.Sequential;
import tensor.optim.Adam;

/// The training that [ResumeAfterKill] kills. It has what is easily lost: the moments of Adam, the random numbers of
/// dropout, an order of samples that is new in each epoch, a table of what was logged.
///
/// @param folder where its checkpoints and its table are, and in the end its model
/// @param epochs how long it takes
record KilledTraining(Path folder, int epochs) {
    private static final List<String> RESULTS =
            List.of("model.safetensors", "loops/version_0/metrics.csv");

    /// Begins, or goes on from where it was killed.
    ///
    /// @param out takes the number of each step when it has been made
    void run(PrintWriter out) throws IOException {
        var model = model();
        var told = LambdaCallback.on(HookPoint.TRAIN_BATCH_END, r -> out.println(r.globalStep()));
        // @start region=train
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(epochs)
                                .callbacks(ModelCheckpoint.everySteps(folder, 5), told)
                                .loggers(CsvLogger.of(folder, log -> log.version(0))));
        trainer.fit(model, data(), Resume.latest(folder));
        // @end region=train
        TensorFile.ofTensors(model.stateDict()).write(folder.resolve("model.safetensors"));
    }

    static DigitsClassifier model() {
        return new DigitsClassifier(
                Sequential.of(
                        Linear.of(Digits.PIXELS, 64),
                        Activation.RELU,
                        Dropout.of(0.2),
                        Linear.of(64, Digits.CLASSES)),
                parameters -> Adam.of(parameters, 1e-3));
    }

    static DataModule data() throws IOException {
        return DigitsData.read(Optional.empty(), 32, RandomKey.of(0)).fold(0, 5);
    }

    /// {@return in how many bytes of what was learned and logged this training differs from another}
    long differences(KilledTraining other) throws IOException {
        long count = 0;
        for (String result : RESULTS) {
            byte[] one = Files.readAllBytes(folder.resolve(result));
            byte[] two = Files.readAllBytes(other.folder.resolve(result));
            count += Math.abs(one.length - two.length);
            for (int i = 0; i < Math.min(one.length, two.length); i++) {
                count += one[i] == two[i] ? 0 : 1;
            }
        }
        return count;
    }
}
