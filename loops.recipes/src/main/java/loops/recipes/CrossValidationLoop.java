package loops.recipes;

import static loops.api.Call.runs;
import static loops.api.Call.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.callback.Timer;
import loops.core.loop.EvaluationLoop;
import loops.core.training.Activity;
import loops.core.training.Callback;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.Limit;
import loops.core.training.TrainingScope;

/// Cross-validation: a fit for each fold of the data, then the ensemble of the folds' models on the test batches. A
/// [KFoldLoop] trains the folds one after the other, a [ParallelKFoldLoop] several at once.
///
/// It stands where a fit stands and works on the same input, whose module must be an [Ensemble] with a member for each
/// fold, and whose data must be [FoldData]. A fold is a scope of its own: the member gets fresh values, fresh
/// optimizers, a random key that depends only on the run's key and the fold's number, a request to stop of its own,
/// and the whole plan. So a fold gives the same bits alone, after others, beside others, or resumed.
///
/// A time is that of a fold, by a [Timer] that its factory of callbacks makes; `maxTime` of the run is refused.
///
/// What user code throws in a fold surfaces as it is. Its stack trace says in a [FoldTrace] which fold it was, and in a
/// [LoopTrace][loops.api.LoopTrace] which loop.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public abstract sealed class CrossValidationLoop extends Loop<FitRun, FitResult>
        permits KFoldLoop, ParallelKFoldLoop {
    private final Slot<EvaluationRun, EvaluationResult> testLoop =
            slot("test_loop", new EvaluationLoop());
    private final Progress foldProgress = progress("fold_progress");
    private final Cell<List<FoldResult>> results =
            cell("results", Codec.listOf(FoldResult.CODEC), List.of());
    private final Cell<Integer> begunWith;
    private final String name;
    private final int folds;
    private final IntFunction<? extends List<? extends Callback>> foldCallbacks;

    /// @param name of the loop, for messages
    /// @param folds how many, from 2
    /// @param foldCallbacks makes new callbacks for a fold, equal each time
    CrossValidationLoop(
            String name, int folds, IntFunction<? extends List<? extends Callback>> foldCallbacks) {
        if (folds < 2) {
            throw new IllegalArgumentException(
                    "%s: folds is %d; use a number from 2".formatted(name, folds));
        }
        this.name = name;
        this.folds = folds;
        this.foldCallbacks = foldCallbacks;
        Codec<Integer> count =
                Codec.of(
                        "a whole number",
                        Codec.INTEGER::encode,
                        state -> fitting(Codec.INTEGER.decode(state)));
        this.begunWith = cell("folds", count, 0);
    }

    /// {@return the number of folds that a saved run was begun with, or 0 if none was begun}
    private int fitting(int begun) {
        if (begun != 0 && begun != folds) {
            throw new IllegalArgumentException(
                    "the run was begun with %d folds, and this %s has %d; go on with one of %d folds and an ensemble of as many, or begin anew"
                            .formatted(begun, name, folds, begun));
        }
        return begun;
    }

    /// {@return the place of the loop that measures the ensemble}
    public final Slot<EvaluationRun, EvaluationResult> testLoop() {
        return testLoop;
    }

    /// {@return what the folds came to that have been completed in this run}
    public final List<FoldResult> results() {
        return results.get();
    }

    /// {@return how many folds there are}
    public final int folds() {
        return folds;
    }

    @Override
    protected void reset(FitRun run) {
        foldProgress.resetCurrent();
        results.set(List.of());
        begunWith.set(folds);
    }

    @Override
    protected void onRunStart(FitRun run) {
        int members = ensemble(run).members().size();
        if (members != folds) {
            throw new IllegalArgumentException(
                    "%s: %d folds and an ensemble of %d; give it a member for each fold"
                            .formatted(name, folds, members));
        }
        data(run);
    }

    @Override
    protected boolean done(FitRun run) {
        return completed() >= folds;
    }

    // ---- the folds

    /// A time for the run as a whole would leave folds untrained, and the ensemble with them.
    final void refuseLimitOfTime(FitRun run) {
        if (run.hooks().callbacks().stream().anyMatch(Timer.class::isInstance)) {
            throw new IllegalArgumentException(
                    "%s: maxTime, or a Timer of the run, would leave folds untrained; give each of the %d folds a time of its own, by the factory of its callbacks: fold -> List.of(Timer.of(time))"
                            .formatted(name, folds));
        }
    }

    /// {@return the folds that have been completed}
    final int completed() {
        return Math.toIntExact(foldProgress.current().completed());
    }

    /// {@return the folds that have been begun}
    final int started() {
        return Math.toIntExact(foldProgress.current().started());
    }

    /// {@return how many folds have been begun and not come to their end}
    final int underWay() {
        return started() - completed();
    }

    /// Counts folds that are begun. Those that were cut short are not counted: they begin anew.
    final void begin(int count) {
        if (underWay() > 0) {
            foldProgress.set(foldProgress.total().restarted(), foldProgress.current().restarted());
        }
        for (int fold = 0; fold < count; fold++) {
            foldProgress.increment(Stage.READY);
            foldProgress.increment(Stage.STARTED);
        }
    }

    /// {@return a new scope for a fold}
    final InnerScope open(FitRun run, int fold) {
        var member = ensemble(run).members().get(fold);
        var key = run.scope().key().fold("fold").fold(fold);
        return new InnerScope(
                TrainingScope.fresh(member, key), new Hooks(foldCallbacks.apply(fold), member));
    }

    /// Counts a fold that has been trained.
    final void add(FoldResult result) {
        var all = new ArrayList<>(results.get());
        all.add(result);
        results.set(List.copyOf(all));
        foldProgress.increment(Stage.PROCESSED);
    }

    @Override
    protected void onAdvanceEnd(FitRun run) {
        for (int fold = completed(); fold < foldProgress.current().processed(); fold++) {
            foldProgress.increment(Stage.COMPLETED);
        }
    }

    // ---- the whole

    @Override
    protected FitResult onRunEnd(FitRun run) {
        if (!run.data().testBatches().isEmpty()) {
            var measured =
                    testLoop.run(
                            new EvaluationRun(
                                    Activity.TEST,
                                    run.scope(),
                                    run.data().testBatches(),
                                    run.plan().trial() ? run.plan().validationLimit() : Limit.all(),
                                    0,
                                    run.hooks(),
                                    run.plan(),
                                    run.saves()));
            run.scope().metrics().putAll(measured.metrics());
        }
        return summary(run);
    }

    /// {@return the sums of epochs and steps over the folds, the means of their metrics, and what the ensemble measured}
    private FitResult summary(FitRun run) {
        int epochs = 0;
        long steps = 0;
        var values = new LinkedHashMap<String, List<Double>>();
        for (FoldResult result : results.get()) {
            epochs += result.fit().epochs();
            steps += result.fit().globalStep();
            result.fit()
                    .metrics()
                    .forEach((metric, value) ->
                            values.computeIfAbsent(metric, _ -> new ArrayList<>()).add(value));
        }
        var metrics = new LinkedHashMap<String, Double>();
        values.forEach((metric, each) ->
                metrics.put(
                        metric,
                        each.stream().mapToDouble(Double::doubleValue).sum() / each.size()));
        metrics.putAll(run.scope().metrics().all());
        return new FitResult(epochs, steps, Optional.empty(), metrics);
    }

    private Ensemble<?> ensemble(FitRun run) {
        if (run.scope().module() instanceof Ensemble<?> ensemble) {
            return ensemble;
        }
        throw new IllegalArgumentException(
                "%s: the module is a %s; fit an Ensemble with a member for each fold"
                        .formatted(name, run.scope().module().getClass().getSimpleName()));
    }

    final FoldData data(FitRun run) {
        if (run.data() instanceof FoldData data) {
            return data;
        }
        throw new IllegalArgumentException(
                "%s: the data is a %s; fit on FoldData, which knows its folds"
                        .formatted(name, run.data().getClass().getSimpleName()));
    }

    @Override
    protected Optional<Codec<FitResult>> outputCodec() {
        return Optional.of(FitResult.CODEC);
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.onRunEnd(when("there are test batches", runs(testLoop)));
    }
}
