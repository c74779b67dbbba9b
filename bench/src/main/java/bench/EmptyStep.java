package bench;

import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import loops.api.LoopState.Fields;
import loops.core.Trainer;
import loops.core.logger.Logger;
import loops.core.logger.MetricRow;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.LogFlag;
import loops.core.training.LogOption;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;
import tensor.layout.Shape;
import tensor.nn.Init;
import tensor.optim.Sgd;

/// What does the procedure itself cost? A fit of one epoch through the whole default tree, whose training step computes
/// nothing: it logs a value of the step and of the epoch and gives no loss. Two callbacks listen, a logger takes what is
/// logged every 50 steps.
///
/// The original costs about 650 microseconds a batch.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class EmptyStep {
    /// So many that what a fit makes once, about 70 kB, does not show in a step.
    private static final int BATCHES = 1_000_000;

    private final Trainer trainer =
            Trainer.of(config ->
                    config.maxEpochs(1)
                            .callbacks(new Listener("one"), new Listener("another"))
                            .loggers(new Sink()));
    private final Nothing module = new Nothing();
    private final DataModule data = DataModule.of(new Same());

    /// The bench.
    public EmptyStep() {}

    /// {@return what a fit came to; the time is that of one step}
    @Benchmark
    @OperationsPerInvocation(BATCHES)
    public FitResult step() {
        return trainer.fit(module, data);
    }

    /// Computes nothing.
    private static final class Nothing extends TrainingModule {
        // a constant, because options that are written in the call are a new array each time
        private static final LogOption[] HOW = {LogFlag.ON_STEP, LogFlag.ON_EPOCH};

        Nothing() {
            var _ = parameter("weight", Shape.of(1), Init.zeros());
        }

        @Override
        public @Nullable Tensor trainingStep(Batch batch, Step step) {
            step.log("value", 1.0, HOW);
            return null;
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(Sgd.of(parameters(), 0.1));
        }
    }

    /// Hears every hook.
    private record Listener(String stateKey) implements Callback {}

    /// Takes what is logged.
    private static final class Sink implements Logger {
        private long rows;

        @Override
        public String name() {
            return "sink";
        }

        @Override
        public void log(SequencedMap<String, Double> metrics, long step) {
            rows++;
        }

        @Override
        public void log(MetricRow row, long step) {
            rows++;
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("rows", rows);
        }

        @Override
        public void loadStateDict(Fields state) {
            rows = state.num("rows");
        }
    }

    /// The same batch again and again.
    private static final class Same implements BatchSource {
        private final Batch batch = Batch.of(Tensor.zeros(Shape.of(1, 1)));

        @Override
        public OptionalInt batchCount() {
            return OptionalInt.of(BATCHES);
        }

        @Override
        public BatchCursor open(long epoch, long from) {
            return new BatchCursor() {
                private long position = from;

                @Override
                public boolean hasNext() {
                    return position < BATCHES;
                }

                @Override
                public Batch next() {
                    position++;
                    return batch;
                }

                @Override
                public long position() {
                    return position;
                }

                @Override
                public void close() {}
            };
        }
    }
}
