package loops.core.callback;

import java.util.ArrayList;
import java.util.List;
import loops.api.Codec;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.api.Tensor;
import tensor.data.Batch;

/// Writes predictions somewhere: batch by batch, or all of them at the end. Say where by overriding [#write] or
/// [#writeAll].
///
/// ```java
/// var writer = new PredictionWriter(PredictionWriter.Interval.BATCH) {
///     @Override protected void write(RunView run, Prediction one) {
///         one.indices().forEach(...);
///     }
/// };
/// Trainer.of(config -> config.callbacks(writer).keepPredictions(false)).predict(module, data);
/// ```
///
/// A trainer that keeps no predictions has none to give at the end, but batch by batch.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public abstract class PredictionWriter implements Callback {
    private final Interval interval;
    private final Seen seen = new Seen();

    /// When predictions are written.
    public enum Interval {
        /// After each batch.
        BATCH,
        /// At the end.
        EPOCH,
        /// After each batch, and at the end.
        BATCH_AND_EPOCH
    }

    /// The prediction for one batch.
    ///
    /// @param prediction what the module predicted; it lasts as long as the batch, but at the end as long as all
    /// @param indices which samples of their data set it is for; none if the source of the batch does not know
    /// @param batchIndex the batch, from 0
    /// @param loaderIndex the data loader, from 0
    public record Prediction(
            Tensor prediction, List<Integer> indices, int batchIndex, int loaderIndex) {
        /// Copies the list.
        public Prediction {
            indices = List.copyOf(indices);
        }
    }

    /// The samples of the batches so far: data loaders, their batches, the samples of a batch.
    private static final class Seen implements Stateful {
        private static final Codec<List<List<List<Integer>>>> CODEC =
                Codec.listOf(Codec.listOf(Codec.listOf(Codec.INTEGER)));

        private List<List<List<Integer>>> loaders = new ArrayList<>();

        void add(int loader, List<Integer> indices) {
            while (loaders.size() <= loader) {
                loaders.add(new ArrayList<>());
            }
            loaders.get(loader).add(indices);
        }

        @Override
        public Fields stateDict() {
            return loaders.isEmpty()
                    ? Fields.empty()
                    : Fields.empty().with("indices", CODEC.encode(loaders));
        }

        @Override
        public void loadStateDict(Fields state) {
            loaders = new ArrayList<>();
            if (state.has("indices")) {
                CODEC.decode(state.get("indices"))
                        .forEach(batches -> loaders.add(new ArrayList<>(batches)));
            }
        }
    }

    /// A writer.
    ///
    /// @param interval when predictions are written
    protected PredictionWriter(Interval interval) {
        this.interval = interval;
    }

    /// Writes the prediction for a batch. Default: does nothing.
    ///
    /// @param run what may be looked at and asked for
    /// @param prediction the prediction
    protected void write(RunView run, Prediction prediction) {}

    /// Writes all predictions. Default: does nothing.
    ///
    /// @param run what may be looked at and asked for
    /// @param predictions for each data loader the predictions of its batches; none if the trainer does not keep them
    protected void writeAll(RunView run, List<List<Prediction>> predictions) {}

    @Override
    public final void onPredictStart(RunView run) {
        seen.loaders = new ArrayList<>();
    }

    @Override
    public final void onPredictBatchEnd(
            RunView run, Tensor prediction, Batch batch, int batchIndex, int loaderIndex) {
        var indices = batch.indices();
        if (interval != Interval.BATCH) {
            seen.add(loaderIndex, indices);
        }
        if (interval != Interval.EPOCH) {
            write(run, new Prediction(prediction, indices, batchIndex, loaderIndex));
        }
    }

    @Override
    public final void onPredictEpochEnd(RunView run, List<List<Tensor>> predictions) {
        if (interval == Interval.BATCH) {
            return;
        }
        var all = new ArrayList<List<Prediction>>();
        for (int loader = 0; loader < predictions.size(); loader++) {
            var batches = new ArrayList<Prediction>();
            for (int batch = 0; batch < predictions.get(loader).size(); batch++) {
                batches.add(
                        new Prediction(
                                predictions.get(loader).get(batch),
                                seen.loaders.get(loader).get(batch),
                                batch,
                                loader));
            }
            all.add(List.copyOf(batches));
        }
        writeAll(run, List.copyOf(all));
    }

    @Override
    public Fields stateDict() {
        return seen.stateDict();
    }

    @Override
    public void loadStateDict(Fields state) {
        seen.loadStateDict(state);
    }
}
