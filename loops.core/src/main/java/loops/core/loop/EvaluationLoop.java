package loops.core.loop;

import static loops.api.Call.calls;
import static loops.api.Call.runs;
import static loops.api.Call.when;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Derived;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.LongCell;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.training.Activity;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.HookPoint;
import loops.core.training.LoaderResult;
import loops.core.training.LoaderRun;
import loops.core.training.Metrics;
import loops.core.training.StepResult;

/// Measures the module on the data loaders of a validation or a test, one after the other.
///
/// The module is in evaluation mode meanwhile, and in the mode that it had before afterwards. Without a single batch
/// nothing is called.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class EvaluationLoop extends Loop<EvaluationRun, EvaluationResult> {
    private final Slot<LoaderRun, LoaderResult> epochLoop =
            slot("epoch_loop", new EvaluationEpochLoop());
    private final Progress loaderProgress =
            progress("dataloader_progress", Progress.READY_COMPLETED);
    private final LongCell loaders = longCell("loaders", 0);
    private final ListCell<SequencedMap<String, Double>> results =
            listCell("results", Metrics.CODEC);
    private final ListCell<List<StepResult>> kept =
            listCell("kept", Codec.listOf(StepResult.CODEC));
    private final Cell<List<String>> evaluatingBefore =
            cell("evaluating_before", Codec.listOf(Codec.TEXT), List.of());
    private final Derived<EvaluationMode> mode = derived("mode");

    /// An evaluation loop with the default loop below it.
    public EvaluationLoop() {}

    /// {@return the place of the loop over a data loader's batches}
    public final Slot<LoaderRun, LoaderResult> epochLoop() {
        return epochLoop;
    }

    /// {@return how many data loaders have been begun and completed}
    public final Progress loaderProgress() {
        return loaderProgress;
    }

    @Override
    protected boolean skip(EvaluationRun run) {
        return run.empty();
    }

    @Override
    protected EvaluationResult onSkip(EvaluationRun run) {
        return new EvaluationResult(List.of());
    }

    @Override
    protected void reset(EvaluationRun run) {
        loaderProgress.resetCurrent();
        loaders.set(run.sources().size());
        results.clear();
        kept.clear();
    }

    @Override
    protected void onRunStart(EvaluationRun run) {
        evaluatingBefore.set(run.scope().evaluating());
        evaluate(run);
        run.scope().metrics().beginEvaluation(run.activity() == Activity.SANITY_CHECK);
        EvaluationHooks.of(run).start(run, run.view());
    }

    @Override
    protected void onResume(EvaluationRun run) {
        if (loaders.get() != run.sources().size()) {
            throw new IllegalArgumentException(
                    "EvaluationLoop: a %s was begun with %d loaders and would go on with %d; give it as many as before by the limit and the data, or go on from a checkpoint outside of evaluations"
                            .formatted(
                                    run.activity().name().toLowerCase(Locale.ROOT),
                                    loaders.get(),
                                    run.sources().size()));
        }
        evaluate(run);
    }

    /// Until this run ends, in whatever way.
    private void evaluate(EvaluationRun run) {
        mode.get(() -> new EvaluationMode(run.scope(), evaluatingBefore.get()));
    }

    @Override
    protected boolean done(EvaluationRun run) {
        return loaderProgress.current().completed() >= run.sources().size();
    }

    @Override
    protected void onAdvanceStart(EvaluationRun run) {
        int loader = Math.toIntExact(loaderProgress.current().completed());
        loaderProgress.increment(Stage.READY);
        run.scope()
                .metrics()
                .evaluate(run.sources().size() > 1 ? OptionalInt.of(loader) : OptionalInt.empty());
    }

    @Override
    protected void advance(EvaluationRun run) {
        int loader = Math.toIntExact(loaderProgress.current().completed());
        var measured = epochLoop.run(new LoaderRun(run, loader));
        results.add(measured.metrics());
        kept.add(measured.results());
    }

    @Override
    protected void onAdvanceEnd(EvaluationRun run) {
        loaderProgress.increment(Stage.COMPLETED);
    }

    @Override
    protected EvaluationResult onRunEnd(EvaluationRun run) {
        var hooks = EvaluationHooks.of(run);
        var metrics = run.scope().metrics();
        metrics.evaluate(OptionalInt.empty());
        hooks.results(run, run.view(), kept.all());
        kept.clear();
        hooks.epochEnd(run, run.view());
        var result = result(metrics.evaluated());
        metrics.writeEvaluation(
                run.hooks().loggers(), result.metrics(), run.place().x(), run.epoch());
        hooks.end(run, run.view());
        metrics.endEvaluation();
        return result;
    }

    /// {@return the metrics of each data loader, with those that were logged around all of them}
    private EvaluationResult result(SequencedMap<String, Double> around) {
        return new EvaluationResult(
                results.all().stream()
                        .map(own -> {
                            SequencedMap<String, Double> all = new LinkedHashMap<>(own);
                            all.putAll(around);
                            return all;
                        })
                        .toList());
    }

    @Override
    protected Optional<Codec<EvaluationResult>> outputCodec() {
        return Optional.of(EvaluationResult.CODEC);
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE
                .onRunStart(
                        when(
                                "validating",
                                calls(HookPoint.VALIDATION_START.method()),
                                calls(HookPoint.VALIDATION_EPOCH_START.method())),
                        when(
                                "testing",
                                calls(HookPoint.TEST_START.method()),
                                calls(HookPoint.TEST_EPOCH_START.method())))
                .advance(runs(epochLoop))
                .onRunEnd(
                        when(
                                "validating",
                                calls(HookPoint.VALIDATION_RESULTS.method()),
                                calls(HookPoint.VALIDATION_EPOCH_END.method()),
                                calls(HookPoint.VALIDATION_END.method())),
                        when(
                                "testing",
                                calls(HookPoint.TEST_RESULTS.method()),
                                calls(HookPoint.TEST_EPOCH_END.method()),
                                calls(HookPoint.TEST_END.method())));
    }
}
