package conformance.kit;

import java.util.ArrayList;
import java.util.List;
import loops.core.callback.PredictionWriter;
import loops.core.training.RunView;

/// A writer that keeps which samples the predictions are for that it is to write.
public final class WrittenPredictions extends PredictionWriter {
    private final List<List<Integer>> batches = new ArrayList<>();
    private final List<List<List<List<Integer>>>> epochs = new ArrayList<>();

    /// A writer that has written nothing.
    ///
    /// @param interval when it writes
    public WrittenPredictions(Interval interval) {
        super(interval);
    }

    @Override
    protected void write(RunView run, Prediction prediction) {
        batches.add(prediction.indices());
    }

    @Override
    protected void writeAll(RunView run, List<List<Prediction>> predictions) {
        epochs.add(
                predictions.stream()
                        .map(loader -> loader.stream().map(Prediction::indices).toList())
                        .toList());
    }

    /// {@return for each batch that was written its samples}
    public List<List<Integer>> batches() {
        return batches;
    }

    /// {@return for each end at which all was written, the samples: data loaders, their batches, the samples of a batch}
    public List<List<List<List<Integer>>>> epochs() {
        return epochs;
    }
}
