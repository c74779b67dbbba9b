package bench;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.io.IdxFile;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.nn.Activation;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.Sequential;
import tensor.optim.Adam;

/// How much of its time training spends waiting for data.
@Command(
        name = "loader",
        description = {
            "The part of an epoch that waits for batches, of which four are made ahead:",
            "Fashion-MNIST, an MLP 784-512-512-10, batches of 128, Adam."
        })
final class LoaderBench implements Callable<Integer> {
    private static final int AHEAD = 4;
    private static final int CLASSES = 10;

    /// Batches of the images that are made up for a smoke run.
    private static final int FEW = 3;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A folder with the files of Fashion-MNIST; random images if not set.")
    private @Nullable Path data;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "3",
            converter = Count.class,
            description = "How many epochs are measured, after one that warms up; 3 if not set.")
    private int epochs = 3;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there too.")
    private @Nullable Path json;

    @Option(names = "--smoke", description = "Tiny sizes, to see that it runs.")
    private boolean smoke;

    LoaderBench() {}

    @Override
    public Integer call() throws IOException {
        if (json != null) {
            JsonFile.check(json);
        }
        var images = images();
        System.out.printf("%d images%n", images.size());
        var ahead = new Way("four made ahead", loader(images, AHEAD), step());
        var asked = new Way("made when asked for", loader(images, 0), step());
        ahead.epoch(0);
        asked.epoch(0);
        List<Measured> all = new ArrayList<>();
        for (int epoch = 1; epoch <= (smoke ? 1 : epochs); epoch++) { // in turns
            all.add(ahead.measured(epoch));
            all.add(asked.measured(epoch));
        }
        if (json != null) {
            JsonFile.write(
                    json,
                    all,
                    (writer, one) -> {
                        writer.writeStringProperty("name", one.name());
                        writer.writeNumberProperty("epoch_ms", one.epoch().millis());
                        writer.writeNumberProperty("waited_ms", one.epoch().waitedMillis());
                    });
        }
        System.out.println("bench loader: " + summary(of(ahead, all), of(asked, all)));
        return 0;
    }

    private static List<LoadedEpoch> of(Way way, List<Measured> all) {
        return all.stream()
                .filter(one -> one.name().equals(way.name()))
                .map(Measured::epoch)
                .toList();
    }

    /// An epoch that was loaded in one of two ways.
    private record Measured(String name, LoadedEpoch epoch) {}

    /// How batches are made, and a model that learns from them.
    private record Way(String name, DataLoader loader, Consumer<Batch> step) {
        LoadedEpoch epoch(int number) {
            return LoadedEpoch.of(loader, number, step);
        }

        Measured measured(int number) {
            LoadedEpoch one = epoch(number);
            System.out.printf(
                    Locale.ROOT,
                    "%-20s epoch %8.0f ms, of that waiting %8.2f ms, %.3f %%%n",
                    name,
                    one.millis(),
                    one.waitedMillis(),
                    100 * one.waitedPart());
            return new Measured(name, one);
        }
    }

    private TensorDataset images() throws IOException {
        if (data == null) {
            int count = smoke ? FEW * 128 : 60_000;
            Tensor classes = Tensor.zeros(Shape.of(count), DType.INT64);
            return TensorDataset.of(Tensor.uniform(RandomKey.of(0), Shape.of(count, 784)), classes);
        }
        Tensor pixels = read(data, "train-images-idx3-ubyte.gz");
        Tensor classes = read(data, "train-labels-idx1-ubyte.gz");
        return TensorDataset.of(
                pixels.flatten(1).cast(DType.FLOAT32).div(255), classes.cast(DType.INT64));
    }

    private static Tensor read(Path folder, String name) throws IOException {
        try {
            return IdxFile.read(folder.resolve(name)).tensor();
        } catch (NoSuchFileException e) {
            throw new BadOption(
                    "--data: there is no '%s'; name a folder with the files of Fashion-MNIST"
                            .formatted(e.getFile()),
                    e);
        }
    }

    private static DataLoader loader(TensorDataset images, int ahead) {
        return DataLoader.of(
                images, config -> config.batchSize(128).shuffle(RandomKey.of(1)).prefetch(ahead));
    }

    private Consumer<Batch> step() {
        int width = smoke ? 8 : 512;
        Sequential model =
                Sequential.of(
                        Linear.of(784, width),
                        Activation.RELU,
                        Linear.of(width, width),
                        Activation.RELU,
                        Linear.of(width, CLASSES));
        model.initialize(RandomKey.of(2));
        var optimizer = Adam.of(model.parameters(), 1e-3);
        return batch -> {
            optimizer.zeroGrad();
            Losses.crossEntropy(model.apply(batch.input()), batch.target()).backward();
            optimizer.step();
        };
    }

    /// {@return in a line what all the epochs come to}
    ///
    /// @param ahead with batches made ahead, at least one
    /// @param asked with batches made when they are asked for, at least one
    static String summary(List<LoadedEpoch> ahead, List<LoadedEpoch> asked) {
        return String.format(
                Locale.ROOT,
                "waiting for data %.3f %% of an epoch, %.3f %% without prefetching",
                100 * waited(ahead),
                100 * waited(asked));
    }

    private static double waited(List<LoadedEpoch> epochs) {
        return Contest.median(epochs.stream().map(LoadedEpoch::waitedPart).toList());
    }
}
