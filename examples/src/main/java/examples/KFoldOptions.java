package examples;

import java.nio.file.Path;
import java.util.Optional;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of [KFold] that say what is trained, and on what.
final class KFoldOptions {
    @Option(
            names = "--folds",
            paramLabel = "N",
            converter = Values.Folds.class,
            description = "Folds (default: 5, in a smoke run 2).")
    private @Nullable Integer folds;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Values.FromOne.class,
            description = "Epochs of each fold (default: 100, in a smoke run 2).")
    private @Nullable Integer epochs;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            converter = Values.Units.class,
            description = "Units of the hidden layer (default: ${DEFAULT-VALUE}).")
    int hidden = 64;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = Values.FromOne.class,
            description = "Samples of a training batch (default: ${DEFAULT-VALUE}).")
    int batchSize = 32;

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            converter = Values.Rate.class,
            description = "Learning rate of Adam (default: ${DEFAULT-VALUE}).")
    double learningRate = 1e-3;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Values.Seed.class,
            description = "Where everything random comes from (default: ${DEFAULT-VALUE}).")
    int seed = 0;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            converter = Values.FromOne.class,
            description = "Folds that are trained at once (default: ${DEFAULT-VALUE}).")
    int parallel = 1;

    @Option(
            names = "--versus",
            paramLabel = "N",
            converter = Values.Units.class,
            description = "Compare with a network of so many hidden units on the same folds.")
    int versus = 0;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "Digits as CSV, also .gz: 64 pixels of 0 to 16 and the class in a line.")
    private @Nullable Path data;

    @Mixin RunOptions run = new RunOptions();

    /// {@return how many folds there are}
    int folds() {
        return folds != null ? folds : run.smoke ? 2 : 5;
    }

    /// {@return how many epochs each fold is trained}
    int epochs() {
        return epochs != null ? epochs : run.smoke ? 2 : 100;
    }

    /// {@return new networks, one for each fold, with so many hidden units}
    DigitsEnsemble ensemble(int units) {
        return new DigitsEnsemble(folds(), units, learningRate);
    }

    /// {@return the file of digits, unless those that come with the example are meant}
    Optional<Path> data() {
        return Optional.ofNullable(data);
    }

    /// {@return the choices that the numbers of a run depend on, but for the data, by their options}
    ///
    /// @param units of the hidden layer of its networks
    Fields choices(int units) {
        return Fields.empty()
                .with("--folds", folds())
                .with("--epochs", epochs())
                .with("--hidden", units)
                .with("--batch-size", batchSize)
                .with("--lr", learningRate)
                .with("--seed", seed);
    }
}
