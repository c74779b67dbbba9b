package examples;

import java.nio.file.Path;
import java.util.Optional;
import loops.api.LoopState.Fields;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import tensor.api.Device;

/// The options of [KFold] that say what is trained, and on what.
final class KFoldOptions {
    @Option(
            names = "--folds",
            paramLabel = "N",
            converter = Folds.class,
            description = "Folds (default: ${DEFAULT-VALUE}).")
    int folds = 5;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = FromOne.class,
            description = "Epochs of each fold (default: ${DEFAULT-VALUE}).")
    int epochs = 100;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            converter = Units.class,
            description = "Units of the hidden layer (default: ${DEFAULT-VALUE}).")
    int hidden = 64;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = FromOne.class,
            description = "Samples of a training batch (default: ${DEFAULT-VALUE}).")
    int batchSize = 32;

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            converter = Rate.class,
            description = "Learning rate of Adam (default: ${DEFAULT-VALUE}).")
    double learningRate = 1e-3;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Seed.class,
            description = "Where everything random comes from (default: ${DEFAULT-VALUE}).")
    int seed = 0;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            converter = DeviceName.class,
            description = "Where tensors live (default: ${DEFAULT-VALUE}).")
    String device = "cpu";

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "Digits as CSV, also .gz: 64 pixels of 0 to 16 and the class in each line.")
    private @Nullable Path data;

    /// {@return the file of digits, unless those that come with the example are meant}
    Optional<Path> data() {
        return Optional.ofNullable(data);
    }

    /// {@return the choices that a run's numbers depend on, but for the data, by their options}
    Fields choices() {
        return Fields.empty()
                .with("--folds", folds)
                .with("--epochs", epochs)
                .with("--hidden", hidden)
                .with("--batch-size", batchSize)
                .with("--lr", learningRate)
                .with("--seed", seed);
    }

    /// A number of folds.
    static final class Folds extends WholeNumber {
        Folds() {
            super(2, 1000);
        }
    }

    /// A number from 1.
    static final class FromOne extends WholeNumber {
        FromOne() {
            super(1, 1_000_000);
        }
    }

    /// A number of hidden units.
    static final class Units extends WholeNumber {
        Units() {
            super(1, 65_536);
        }
    }

    /// A seed.
    static final class Seed extends WholeNumber {
        Seed() {
            super(0, Integer.MAX_VALUE);
        }
    }

    /// A learning rate.
    static final class Rate extends Decimal {
        Rate() {
            super("above 0", rate -> rate > 0);
        }
    }

    /// The name of a device that is there.
    static final class DeviceName implements ITypeConverter<String> {
        @Override
        public String convert(String name) {
            try {
                return Device.of(name).name();
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
