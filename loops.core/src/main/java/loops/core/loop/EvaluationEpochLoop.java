package loops.core.loop;

import java.util.Optional;
import java.util.SequencedMap;
import loops.api.Cell;
import loops.api.Derived;
import loops.api.Held;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Stage;
import loops.core.training.Activity;
import loops.core.training.LoaderRun;
import loops.core.training.MetricSums;
import loops.core.training.Step;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.data.Batch;

/// Measures the module on the batches of one data loader. Its output are the means of what the steps log.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class EvaluationEpochLoop extends Loop<LoaderRun, SequencedMap<String, Double>> {
    private final Progress batchProgress = progress("batch_progress");
    private final Cell<Boolean> lastBatch = cell("batch_progress.is_last_batch", false);
    private final Held<MetricSums> results = held("results");
    private final Derived<Feed> feed = derived("feed");

    /// A loop over one data loader.
    public EvaluationEpochLoop() {}

    /// {@return how many batches have come how far}
    public final Progress batchProgress() {
        return batchProgress;
    }

    @Override
    protected Fields inputKey(LoaderRun run) {
        return Fields.empty().with("loader", run.loaderIndex());
    }

    @Override
    protected void reset(LoaderRun run) {
        batchProgress.resetCurrent();
        lastBatch.set(false);
        results.clear();
    }

    @Override
    protected boolean done(LoaderRun run) {
        return lastBatch.get() || !feed(run).has(nextIndex());
    }

    @Override
    protected void advance(LoaderRun run) {
        TensorScope.run(
                run.evaluation().activity().verb() + " batch",
                () -> Tensor.noGrad(() -> measure(run)));
    }

    private void measure(LoaderRun run) {
        int index = nextIndex();
        var batch = feed(run).at(index);
        var evaluation = run.evaluation();
        var hooks = EvaluationHooks.of(evaluation);
        var view = evaluation.view();
        lastBatch.set(!feed(run).has(index + 1));
        batchProgress.increment(Stage.READY);
        hooks.batchStart(evaluation, view, batch, index, run.loaderIndex());
        batchProgress.increment(Stage.STARTED);
        evaluationStep(run, batch, step(run, batch, index));
        batchProgress.increment(Stage.PROCESSED);
        hooks.batchEnd(evaluation, view, batch, index, run.loaderIndex());
        batchProgress.increment(Stage.COMPLETED);
    }

    /// Lets the module measure one batch.
    ///
    /// @param run what the loop works on
    /// @param batch the samples
    /// @param step where the step stands, and what takes its reports
    protected void evaluationStep(LoaderRun run, Batch batch, Step step) {
        var module = run.evaluation().scope().module();
        if (run.evaluation().activity() == Activity.TEST) {
            module.testStep(batch, step);
        } else {
            module.validationStep(batch, step);
        }
    }

    private Step step(LoaderRun run, Batch batch, int index) {
        var evaluation = run.evaluation();
        var sums = results.get(MetricSums::new);
        return new Step(
                evaluation.activity(),
                evaluation.epoch(),
                index,
                run.loaderIndex(),
                0,
                evaluation.scope().globalStep(),
                (name, value) -> sums.add(name, value, batch.size()),
                Optional.empty());
    }

    private int nextIndex() {
        return Math.toIntExact(batchProgress.current().completed());
    }

    private Feed feed(LoaderRun run) {
        return feed.get(() -> new Feed(run.source(), run.evaluation().epoch(), run.batchCount()));
    }

    @Override
    protected SequencedMap<String, Double> onRunEnd(LoaderRun run) {
        return results.get(MetricSums::new).means();
    }
}
