package examples;

import examples.WatchingBatchLoop.Outlier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import loops.api.Subscription;
import loops.core.Resume;
import loops.core.Trainer;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// A hook of a loop's own in a training. The built-in loop over a batch is extended: it fires a hook where a loss is far
/// above what is usual. A callback hears that, by the type of the event. One of the points of the line is wrong.
///
/// ```text
/// $ ./loops run own-hook
/// batch_loop: WatchingBatchLoop, BatchRun → BatchResult
///   results: list
///   outlier: hook of Outlier
///   usual: cell of a real number
///   reset()
///   done()
///   advance(): when the loops optimize (runs optimizer_loop), when the module optimizes (runs manual_loop)
///   onRunEnd(): when the loss stands out (calls outlier)
/// epoch 1, batch 3 stands out: loss 12.29
/// epoch 2, batch 3 stands out: loss 12.34
/// epoch 3, batch 3 stands out: loss 12.37
/// ```
///
/// With `--folder` it may be ended by Ctrl-C: `./loops run own-hook --epochs 100000 --folder /tmp/own-hook` says last where
/// it is saved, and the same command goes on from there.
@Command(name = "own-hook", description = "Add a hook to a training, and hear it.")
public final class OwnHook implements Example {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Values.Steps.class,
            description = "Train so many epochs (default: 4).")
    private int epochs = 4;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Save here at Ctrl-C, and go on from what is saved here.")
    private @Nullable Path folder;

    /// An example with its default options.
    public OwnHook() {}

    /// Prints what it hears.
    record Herald(PrintWriter out) implements Callback {
        // @start region=callback
        @Override
        public List<Subscription<?>> subscriptions() {
            return List.of(Subscription.to(Outlier.class, this::tell));
        }

        // @end region=callback

        private void tell(Outlier outlier) {
            out.printf(
                    Locale.ROOT,
                    "epoch %d, batch %d stands out: loss %.2f%n",
                    outlier.epoch(),
                    outlier.batch(),
                    outlier.loss());
        }
    }

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var x = Tensor.uniform(RandomKey.of(1), Shape.of(256, 1));
        var wrong = Tensor.arange(256).equalTo(100).cast(x.dtype()).reshape(256, 1);
        var y = x.mul(3).add(2).add(wrong.mul(20));
        var points = DataLoader.of(TensorDataset.of(x, y), c -> c.batchSize(32));
        var trainer =
                Trainer.of(c -> {
                    c.maxEpochs(epochs).checkpointing(false).callbacks(new Herald(out));
                    if (folder != null) {
                        c.folder(folder);
                    }
                });
        var slot = trainer.slots().batch();
        slot.replace(old -> new WatchingBatchLoop());
        slot.get().explain().text().lines().limit(8).forEach(out::println);
        var start = folder == null ? Resume.never() : Resume.latest(folder);
        trainer.fit(new FitLine.Line(), DataModule.of(points), start);
        return 0;
    }
}
