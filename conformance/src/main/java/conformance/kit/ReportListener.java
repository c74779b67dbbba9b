package conformance.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.StepResult;
import tensor.data.Batch;

/// A callback that takes down what it is told of the results of batches, while their tensors last.
public final class ReportListener implements Callback {
    private final List<List<List<SequencedMap<String, Object>>>> trained = new ArrayList<>();
    private final List<SequencedMap<String, Object>> validated = new ArrayList<>();

    private final List<SequencedMap<String, Object>> tested = new ArrayList<>();

    /// A callback that has been told nothing yet.
    public ReportListener() {}

    /// {@return what was reported of each training batch: part by part, and in each by optimizers}
    public List<List<List<SequencedMap<String, Object>>>> trained() {
        return trained;
    }

    /// {@return what was reported of each validation batch}
    public List<SequencedMap<String, Object>> validated() {
        return validated;
    }

    /// {@return what was reported of each test batch}
    public List<SequencedMap<String, Object>> tested() {
        return tested;
    }

    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        trained.add(Reports.of(result));
    }

    @Override
    public void onValidationBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {
        validated.add(Reports.of(result));
    }

    @Override
    public void onTestBatchEnd(
            RunView run, StepResult result, Batch batch, int batchIndex, int loaderIndex) {
        tested.add(Reports.of(result));
    }
}
