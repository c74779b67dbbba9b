package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.callback.PredictionWriter.Interval;
import loops.core.callback.PredictionWriter.Prediction;
import loops.core.training.DataModule;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Sampler;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

class PredictionWriterTest {
    /// Writes down what it is to write.
    private static final class Writing extends PredictionWriter {
        private final List<String> written = new ArrayList<>();

        Writing(Interval interval) {
            super(interval);
        }

        @Override
        protected void write(RunView run, Prediction prediction) {
            written.add("batch " + text(prediction));
        }

        @Override
        protected void writeAll(RunView run, List<List<Prediction>> predictions) {
            predictions.forEach(
                    loader -> written.add("all " + loader.stream().map(Writing::text).toList()));
        }

        private static String text(Prediction one) {
            return "%d.%d of %s, %d values"
                    .formatted(
                            one.loaderIndex(),
                            one.batchIndex(),
                            one.indices(),
                            one.prediction().elementCount());
        }
    }

    private static DataModule predicting(BatchSource... sources) {
        return new DataModule() {
            @Override
            public BatchSource trainBatches() {
                return Slope.points(2, 1);
            }

            @Override
            public List<BatchSource> predictionBatches() {
                return List.of(sources);
            }
        };
    }

    private static List<String> written(Interval interval, boolean keeps, BatchSource... sources) {
        var writer = new Writing(interval);
        var module = new Slope();
        module.initialize(RandomKey.of(1));
        Trainer.of(config -> config.callbacks(writer).keepPredictions(keeps))
                .predict(module, predicting(sources));
        return writer.written;
    }

    @Test
    void batchesAreWrittenAsTheyCome() {
        assertEquals(
                List.of(
                        "batch 0.0 of [0, 1], 2 values",
                        "batch 0.1 of [2], 1 values",
                        "batch 1.0 of [0], 1 values"),
                written(Interval.BATCH, false, Slope.points(3, 2), Slope.points(1, 1)));
    }

    @Test
    void allAreWrittenAtTheEnd() {
        assertEquals(
                List.of(
                        "all [0.0 of [0, 1], 2 values, 0.1 of [2], 1 values]",
                        "all [1.0 of [0], 1 values]"),
                written(Interval.EPOCH, true, Slope.points(3, 2), Slope.points(1, 1)));
    }

    @Test
    void bothMayBeWritten() {
        assertEquals(
                List.of("batch 0.0 of [0, 1], 2 values", "all [0.0 of [0, 1], 2 values]"),
                written(Interval.BATCH_AND_EPOCH, true, Slope.points(2, 2)));
    }

    @Test
    void predictionsThatAreNotKeptCannotBeWrittenAtTheEnd() {
        assertEquals(List.of("all []"), written(Interval.EPOCH, false, Slope.points(2, 2)));
    }

    @Test
    void theIndicesAreThoseThatTheSamplerHasDrawn() {
        var shuffled =
                DataLoader.of(
                        TensorDataset.of(
                                Tensor.zeros(Shape.of(4, 1)), Tensor.zeros(Shape.of(4, 1))),
                        config -> config.batchSize(4).sampler(Sampler.of(3, 2, 1, 0)));

        assertEquals(
                List.of("batch 0.0 of [3, 2, 1, 0], 4 values"),
                written(Interval.BATCH, false, shuffled));
    }

    @Test
    void aSecondPredictionStartsAnew() {
        var writer = new Writing(Interval.EPOCH);
        var module = new Slope();
        module.initialize(RandomKey.of(1));
        var trainer = Trainer.of(config -> config.callbacks(writer));

        trainer.predict(module, predicting(Slope.points(2, 2)));
        trainer.predict(module, predicting(Slope.points(1, 1)));

        assertEquals("all [0.0 of [0], 1 values]", writer.written.getLast());
    }

    @Test
    void theSamplesOfBatchesSoFarAreState() {
        var writer = new Writing(Interval.EPOCH);
        var module = new Slope();
        module.initialize(RandomKey.of(1));
        Trainer.of(config -> config.callbacks(writer))
                .predict(module, predicting(Slope.points(3, 2), Slope.points(1, 1)));
        var other = new Writing(Interval.EPOCH);

        other.loadStateDict(writer.stateDict());

        assertEquals(writer.stateDict(), other.stateDict());
        assertEquals("[[[0, 1], [2]], [[0]]]", other.stateDict().get("indices").toString());
    }
}
