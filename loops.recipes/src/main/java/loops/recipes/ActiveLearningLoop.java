package loops.recipes;

import static loops.api.Call.calls;
import static loops.api.Call.runs;
import static loops.api.Call.when;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import loops.api.Codec;
import loops.api.Held;
import loops.api.Hook;
import loops.api.HookOrder;
import loops.api.ListCell;
import loops.api.Loop;
import loops.api.Progress;
import loops.api.Slot;
import loops.api.Stage;
import loops.core.callback.Timer;
import loops.core.loop.EvaluationLoop;
import loops.core.training.Activity;
import loops.core.training.EvaluationResult;
import loops.core.training.EvaluationRun;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.Limit;
import tensor.api.RandomKey;
import tensor.data.BatchSource;

/// Active learning: asks for the labels of those samples that the model is least sure of, learns from all labels it has,
/// and asks again.
///
/// ```java
/// trainer.slots().fit().replace(fit -> new ActiveLearningLoop(fit, oracle, config ->
///         config.first(20).perRound(10).labels(300).heuristic(Heuristic.bald()).passes(50)));
/// trainer.fit(classifier, pool);   // PoolData
/// ```
///
/// ```text
/// for each round:
///     the samples that are wanted most: by the pool loop, in round 0 by drawing
///     their labels: by the oracle loop, which may have to wait for a person
///     a fit on all samples that have a label, with fresh optimizers
///     what the model has learned, on the test batches
/// ```
///
/// It stands where a fit stands, and its data must be [PoolData]. A round is a scope of its own: by default the module gets new
/// values and new optimizers, with a random key that depends only on the run's key and the round. What was asked and
/// answered is the [log][#log]; which samples have a label follows from it.
///
/// The run's callbacks hear every fit. Its loggers get every row of every round, with a metric `round` that says which, from 0.
/// The hook `queried` tells of each [Query] before the oracle is asked; a
/// [ModelCheckpoint][loops.core.callback.ModelCheckpoint] saves the run then, so that it can be left while a person thinks.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class ActiveLearningLoop extends Loop<FitRun, FitResult> {
    private final Slot<PoolRun, List<Candidate>> poolLoop = slot("pool_loop", new PoolLoop());
    private final Slot<Query, List<Labelled>> oracleLoop;
    private final Slot<FitRun, FitResult> fitLoop;
    private final Slot<EvaluationRun, EvaluationResult> testLoop =
            slot("test_loop", new EvaluationLoop());
    private final Hook<Query> queried = hook("queried", Query.class);
    private final Progress roundProgress = progress("round_progress");
    private final ListCell<Labelled> log = listCell("log", Labelled.CODEC);
    private final ListCell<RoundResult> results = listCell("results", RoundResult.CODEC);
    private final Held<InnerScope> scope = held("scope");
    private final ActiveLearningPlan plan;

    /// Active learning by a loop that fits.
    ///
    /// @param fit learns from the labels of a round
    /// @param oracle knows the labels
    /// @param choices sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public ActiveLearningLoop(
            Loop<FitRun, FitResult> fit, Oracle oracle, Consumer<ActiveLearningConfig> choices) {
        plan = ActiveLearningConfig.plan(choices);
        oracleLoop = slot("oracle_loop", new OracleLoop(oracle));
        fitLoop = slot("fit_loop", fit);
    }

    /// {@return the place of the loop that scores the pool}
    public final Slot<PoolRun, List<Candidate>> poolLoop() {
        return poolLoop;
    }

    /// {@return the place of the loop that asks the oracle}
    public final Slot<Query, List<Labelled>> oracleLoop() {
        return oracleLoop;
    }

    /// {@return the place of the loop that learns}
    public final Slot<FitRun, FitResult> fitLoop() {
        return fitLoop;
    }

    /// {@return the place of the loop that measures each round}
    public final Slot<EvaluationRun, EvaluationResult> testLoop() {
        return testLoop;
    }

    /// {@return all samples that have a label, in the order in which they were asked for}
    public final List<Labelled> log() {
        return log.all();
    }

    /// {@return what the rounds came to that have been completed in this run}
    public final List<RoundResult> results() {
        return results.all();
    }

    @Override
    protected void reset(FitRun run) {
        roundProgress.resetCurrent();
        log.clear();
        results.clear();
        scope.clear();
    }

    @Override
    protected void onRunStart(FitRun run) {
        if (data(run).poolSize() == 0) {
            throw new IllegalArgumentException(
                    "ActiveLearningLoop: the pool has no samples; give it some to ask about");
        }
    }

    @Override
    protected boolean done(FitRun run) {
        int last = round() - 1;
        int pool = data(run).poolSize();
        return last >= 0 && plan.labelsAfter(last, pool) == plan.labelsAfter(last + 1, pool);
    }

    /// {@return the round in work, or the next one between two, from 0}
    private int round() {
        return Math.toIntExact(roundProgress.current().completed());
    }

    // ---- labels

    @Override
    protected void onAdvanceStart(FitRun run) {
        int round = round();
        var unlabelled = unlabelled(run);
        int known = data(run).poolSize() - unlabelled.size();
        int wanted = plan.labelsAfter(round, data(run).poolSize()) - known;
        var candidates =
                round == 0
                        ? drawn(unlabelled, wanted, key(run, round))
                        : poolLoop.run(pool(run, unlabelled, wanted));
        var query = new Query(round, candidates, run.view());
        once("queried", () -> queried.fire(run.hooks(), query));
        oracleLoop.run(query).forEach(log::add);
        roundProgress.increment(Stage.READY);
        roundProgress.increment(Stage.STARTED);
    }

    private List<Integer> unlabelled(FitRun run) {
        var labelled = new BitSet();
        log.all().forEach(known -> labelled.set(known.sample()));
        return IntStream.range(0, data(run).poolSize())
                .filter(sample -> !labelled.get(sample))
                .boxed()
                .toList();
    }

    private static List<Candidate> drawn(List<Integer> samples, int count, RandomKey key) {
        return IntStream.of(key.fold("drawn").permutation(samples.size()))
                .limit(count)
                .mapToObj(place -> new Candidate(samples.get(place), 0))
                .toList();
    }

    private PoolRun pool(FitRun run, List<Integer> unlabelled, int wanted) {
        return new PoolRun(
                run.scope(),
                unlabelled,
                data(run).unlabelled(unlabelled),
                wanted,
                plan.passes(),
                plan.heuristic(),
                key(run, round()).fold("pool"));
    }

    private static RandomKey key(FitRun run, int round) {
        return run.scope().key().fold("round").fold(round);
    }

    // ---- learning

    @Override
    protected void advance(FitRun run) {
        refuseLimitOfTime(run);
        int round = round();
        var inner = scope.get(() -> open(run, round));
        var learning = learning(run, inner, round);
        var fit = fitLoop.run(learning);
        var metrics = new LinkedHashMap<>(fit.metrics());
        var test = run.data().testBatches();
        if (!test.isEmpty()) {
            metrics.putAll(testLoop.run(measuring(learning, test)).metrics());
        }
        results.add(
                new RoundResult(
                        log.size(),
                        new FitResult(fit.epochs(), fit.globalStep(), fit.stopReason(), metrics)));
        roundProgress.increment(Stage.PROCESSED);
    }

    /// A time for the run as a whole would leave rounds untrained, and what they ask for would say nothing.
    private static void refuseLimitOfTime(FitRun run) {
        if (run.hooks().callbacks().stream().anyMatch(Timer.class::isInstance)) {
            throw new IllegalArgumentException(
                    "ActiveLearningLoop: maxTime, or a Timer of the run, would leave rounds untrained; give each a time of its own: config.callbacks(round -> List.of(Timer.of(time)))");
        }
    }

    private InnerScope open(FitRun run, int round) {
        var module = run.scope().module();
        return new InnerScope(
                plan.start().apply(module, key(run, round)),
                new Hooks(plan.callbacks().apply(round), module));
    }

    private FitRun learning(FitRun run, InnerScope inner, int round) {
        var training = inner.training();
        return new FitRun(
                training,
                data(run).labelled(log.all()),
                run.hooks()
                        .with(inner.hooks().callbacks(), training.module())
                        .withLoggers(run.hooks().loggers().ofRound(round)),
                run.plan(),
                run.saves());
    }

    private static EvaluationRun measuring(FitRun fit, List<BatchSource> test) {
        return new EvaluationRun(
                Activity.TEST,
                fit.scope(),
                test,
                fit.plan().trial() ? fit.plan().validationLimit() : Limit.all(),
                0,
                fit.hooks(),
                fit.plan(),
                fit.saves());
    }

    @Override
    protected void onAdvanceEnd(FitRun run) {
        run.scope().metrics().putAll(results.get(results.size() - 1).fit().metrics());
        scope.clear();
        roundProgress.increment(Stage.COMPLETED);
    }

    /// {@return the sums of epochs and steps over the rounds, and what the last one measured}
    @Override
    protected FitResult onRunEnd(FitRun run) {
        int epochs = 0;
        long steps = 0;
        for (RoundResult result : results.all()) {
            epochs += result.fit().epochs();
            steps += result.fit().globalStep();
        }
        return new FitResult(epochs, steps, Optional.empty(), run.scope().metrics().all());
    }

    private static PoolData data(FitRun run) {
        if (run.data() instanceof PoolData data) {
            return data;
        }
        throw new IllegalArgumentException(
                "ActiveLearningLoop: the data is a %s; fit on PoolData, which knows what has no label"
                        .formatted(run.data().getClass().getSimpleName()));
    }

    @Override
    protected Optional<Codec<FitResult>> outputCodec() {
        return Optional.of(FitResult.CODEC);
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE
                .onAdvanceStart(
                        when("it is not the first round", runs(poolLoop)),
                        calls(queried),
                        runs(oracleLoop))
                .advance(runs(fitLoop), when("there are test batches", runs(testLoop)));
    }
}
