package loops.recipes;

import static loops.api.Call.runs;
import static loops.api.Call.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Held;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.loop.EvaluationLoop;
import loops.core.training.Activity;
import loops.core.training.Callback;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.Limit;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;

/// Cross-validation: a fit for each fold of the data, then the ensemble of the folds' models on the test batches.
///
/// ```java
/// trainer.slots().fit().replace(fit -> new KFoldLoop(5, fit));
/// trainer.fit(ensemble, data);   // an Ensemble of 5 members, and FoldData
/// ```
///
/// It stands where a fit stands and works on the same input, whose module must be an [Ensemble] with a member for each
/// fold, and whose data must be [FoldData]. A fold is a scope of its own: the member gets fresh values, fresh
/// optimizers, a random key that depends only on the run's key and the fold's number, a request to stop of its own,
/// and the whole plan. So a fold gives the same bits alone, after others, or resumed.
///
/// To train several folds at once, see [ParallelKFoldLoop].
///
/// The run's callbacks hear every fold. A callback that remembers something of a fit is made anew for each fold: give
/// a factory.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class KFoldLoop extends Loop<FitRun, FitResult> {
    private final Slot<FitRun, FitResult> fitLoop;
    private final Slot<EvaluationRun, EvaluationResult> testLoop =
            slot("test_loop", new EvaluationLoop());
    final Progress foldProgress = progress("fold_progress");
    private final Held<FoldScope> scope = held("scope");
    private final Cell<List<FoldResult>> results =
            cell("results", Codec.listOf(FoldResult.CODEC), List.of());
    final int folds;
    private final Supplier<List<Callback>> foldCallbacks;

    /// A cross-validation by a loop that fits.
    ///
    /// @param folds how many, from 2
    /// @param fit fits one fold
    /// @throws IllegalArgumentException if there are fewer folds
    public KFoldLoop(int folds, Loop<FitRun, FitResult> fit) {
        this(folds, fit, List::of);
    }

    /// A cross-validation by a loop that fits, with callbacks for each fold.
    ///
    /// @param folds how many, from 2
    /// @param fit fits one fold
    /// @param foldCallbacks makes new callbacks, equal each time
    /// @throws IllegalArgumentException if there are fewer folds
    public KFoldLoop(
            int folds, Loop<FitRun, FitResult> fit, Supplier<List<Callback>> foldCallbacks) {
        if (folds < 2) {
            throw new IllegalArgumentException(
                    "KFoldLoop: folds is %d; use a number from 2".formatted(folds));
        }
        this.folds = folds;
        this.foldCallbacks = foldCallbacks;
        this.fitLoop = slot("fit_loop", fit);
    }

    /// {@return the place of the loop that fits a fold}
    public final Slot<FitRun, FitResult> fitLoop() {
        return fitLoop;
    }

    /// {@return the place of the loop that measures the ensemble}
    public final Slot<EvaluationRun, EvaluationResult> testLoop() {
        return testLoop;
    }

    /// {@return what the folds came to that have been completed in this run}
    public final List<FoldResult> results() {
        return results.get();
    }

    @Override
    protected void reset(FitRun run) {
        foldProgress.resetCurrent();
        results.set(List.of());
        scope.clear();
    }

    @Override
    protected void onRunStart(FitRun run) {
        int members = ensemble(run).members().size();
        if (members != folds) {
            throw new IllegalArgumentException(
                    "KFoldLoop: %d folds and an ensemble of %d; give it a member for each fold"
                            .formatted(folds, members));
        }
        data(run);
    }

    @Override
    protected boolean done(FitRun run) {
        return foldProgress.current().completed() >= folds;
    }

    @Override
    protected void onAdvanceStart(FitRun run) {
        foldProgress.increment(Stage.READY);
        foldProgress.increment(Stage.STARTED);
    }

    @Override
    protected void advance(FitRun run) {
        int fold = Math.toIntExact(foldProgress.current().completed());
        var member = ensemble(run).members().get(fold);
        var inner = scope.get(() -> open(run, member, fold));
        var result =
                fitLoop.run(
                        new FitRun(
                                inner.training(),
                                data(run).fold(fold, folds),
                                run.hooks().with(inner.hooks().callbacks(), member),
                                run.plan(),
                                run.saves()));
        add(new FoldResult(fold, result));
    }

    /// Counts a fold that has been trained.
    final void add(FoldResult result) {
        var all = new ArrayList<>(results.get());
        all.add(result);
        results.set(List.copyOf(all));
        foldProgress.increment(Stage.PROCESSED);
    }

    /// {@return a new scope for a fold}
    final FoldScope open(FitRun run, TrainingModule member, int fold) {
        var key = run.scope().key().fold("fold").fold(fold);
        return new FoldScope(
                TrainingScope.fresh(member, key), new Hooks(foldCallbacks.get(), member));
    }

    @Override
    protected void onAdvanceEnd(FitRun run) {
        scope.clear();
        foldProgress.increment(Stage.COMPLETED);
    }

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
                    .forEach((name, value) ->
                            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
        }
        var metrics = new LinkedHashMap<String, Double>();
        values.forEach((name, folds) ->
                metrics.put(
                        name,
                        folds.stream().mapToDouble(Double::doubleValue).sum() / folds.size()));
        metrics.putAll(run.scope().metrics().all());
        return new FitResult(epochs, steps, Optional.empty(), metrics);
    }

    static Ensemble<?> ensemble(FitRun run) {
        if (run.scope().module() instanceof Ensemble<?> ensemble) {
            return ensemble;
        }
        throw new IllegalArgumentException(
                "KFoldLoop: the module is a %s; fit an Ensemble with a member for each fold"
                        .formatted(run.scope().module().getClass().getSimpleName()));
    }

    static FoldData data(FitRun run) {
        if (run.data() instanceof FoldData data) {
            return data;
        }
        throw new IllegalArgumentException(
                "KFoldLoop: the data is a %s; fit on FoldData, which knows its folds"
                        .formatted(run.data().getClass().getSimpleName()));
    }

    @Override
    protected Optional<Codec<FitResult>> outputCodec() {
        return Optional.of(FitResult.CODEC);
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE
                .advance(runs(fitLoop))
                .onRunEnd(when("there are test batches", runs(testLoop)));
    }
}
