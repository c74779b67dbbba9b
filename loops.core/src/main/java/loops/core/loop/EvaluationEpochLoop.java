package loops.core.loop;

import static loops.api.Call.calls;
import static loops.api.Call.when;

import loops.api.Cell;
import loops.api.Derived;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.LongCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Stage;
import loops.core.training.Activity;
import loops.core.training.HookPoint;
import loops.core.training.LoaderResult;
import loops.core.training.LoaderRun;
import loops.core.training.Step;
import loops.core.training.StepResult;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.data.Batch;

/// Measures the module on the batches of one data loader. Its output are the metrics that the steps log.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class EvaluationEpochLoop extends Loop<LoaderRun, LoaderResult> {
    private final Progress batchProgress = progress("batch_progress");
    private final Cell<Boolean> lastBatch = cell("batch_progress.is_last_batch", false);
    private final LongCell batches = longCell("batches", Feed.UNKNOWN);
    private final ListCell<StepResult> results = listCell("results", StepResult.CODEC);
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
        if (run.evaluation().place().first() && run.loaderIndex() == 0) {
            batchProgress.reset();
        } else {
            batchProgress.resetCurrent();
        }
        lastBatch.set(false);
        batches.set(Feed.length(run.batchCount()));
        results.clear();
    }

    /// What is measured is of as many batches as at the beginning.
    @Override
    protected void onResume(LoaderRun run) {
        long now = Feed.length(run.batchCount());
        if (!lastBatch.get() && batches.get() != now) {
            throw new IllegalArgumentException(
                    "EvaluationEpochLoop: loader %d was begun with %s batches and would go on with %s; give it as many as before by the limit and the data, or go on from a checkpoint outside of evaluations"
                            .formatted(
                                    run.loaderIndex(), Feed.words(batches.get()), Feed.words(now)));
        }
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
        var metrics = evaluation.scope().metrics();
        lastBatch.set(feed(run).endsWith(index));
        batchProgress.increment(Stage.READY);
        metrics.beginBatch(batch.size());
        hooks.batchStart(evaluation, view, batch, index, run.loaderIndex());
        batchProgress.increment(Stage.STARTED);
        var outside = metrics.enter(hooks.step());
        var step = step(run, index);
        evaluationStep(run, batch, step);
        metrics.enter(outside);
        var result = StepResult.of(0, null, step.outputs());
        batchProgress.increment(Stage.PROCESSED);
        hooks.batchEnd(evaluation, view, result, batch, index, run.loaderIndex());
        batchProgress.increment(Stage.COMPLETED);
        metrics.writeEvaluationStep(evaluation.hooks().loggers(), run.loaderIndex());
        if (evaluation.scope().module().keepsResults()) {
            results.add(result.kept());
        }
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

    private static Step step(LoaderRun run, int index) {
        var evaluation = run.evaluation();
        return Step.of(
                new Step.Place(
                        evaluation.activity(),
                        evaluation.epoch(),
                        index,
                        run.loaderIndex(),
                        0,
                        0,
                        evaluation.scope().globalStep()),
                evaluation.scope().metrics());
    }

    private int nextIndex() {
        return Math.toIntExact(batchProgress.current().completed());
    }

    private Feed feed(LoaderRun run) {
        return feed.get(run, Feed::of);
    }

    @Override
    protected LoaderResult onRunEnd(LoaderRun run) {
        var metrics = run.evaluation().scope().metrics();
        metrics.endBatches();
        var result = new LoaderResult(metrics.evaluated(), results.all());
        results.clear();
        return result;
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(
                when(
                        "validating",
                        calls(HookPoint.VALIDATION_BATCH_START.method()),
                        calls(HookPoint.VALIDATION_STEP.method()),
                        calls(HookPoint.VALIDATION_BATCH_END.method())),
                when(
                        "testing",
                        calls(HookPoint.TEST_BATCH_START.method()),
                        calls(HookPoint.TEST_STEP.method()),
                        calls(HookPoint.TEST_BATCH_END.method())));
    }
}
