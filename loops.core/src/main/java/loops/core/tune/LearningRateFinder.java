package loops.core.tune;

import static loops.api.Call.calls;
import static loops.api.Call.runs;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Hook;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Limit;

/// Tests a range of learning rates before a fit, and fits with the one at which the loss falls most steeply.
///
/// ```java
/// trainer.slots().fit().replace(fit -> new LearningRateFinder(fit));
/// trainer.fit(module, data);   // the module is a TunableModule
/// ```
///
/// The test is a fit of at most so many steps, whose rate grows from step to step. It ends early when the loss diverges.
/// Nothing of it stays, see [TrialLoop]: the fit that follows has the bits of a fit of a module that was given the rate
/// that was found. Callbacks hear of it by the hook `learning_rate_found`, with the whole curve.
///
/// Smith: Cyclical learning rates for training neural networks, section 3.3, 2017 (arXiv:1506.01186).
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class LearningRateFinder extends TrialLoop {
    private final Cell<List<LearningRateFound>> found =
            cell("found", Codec.listOf(LearningRateFound.CODEC), List.of());
    private final Hook<LearningRateFound> learningRateFound =
            hook("learning_rate_found", LearningRateFound.class);
    private final Choices choices;

    /// A test of 100 rates from 1e-8 to 1, before a fit.
    ///
    /// @param fit makes the test, and the fit
    public LearningRateFinder(Loop<FitRun, FitResult> fit) {
        this(fit, config -> {});
    }

    /// A test as `config` says, before a fit.
    ///
    /// @param fit makes the test, and the fit
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a choice is out of its range
    public LearningRateFinder(Loop<FitRun, FitResult> fit, Consumer<Config> config) {
        super(fit);
        var chosen = new Config();
        config.accept(chosen);
        this.choices = chosen.choices();
    }

    /// {@return what the test of the latest run came to, if it has come to its end}
    public final Optional<LearningRateFound> found() {
        return found.get().stream().findFirst();
    }

    @Override
    protected void reset(FitRun run) {
        super.reset(run);
        found.set(List.of());
    }

    @Override
    protected void onRunStart(FitRun run) {
        module(run);
        int optimizers = run.scope().optimizers().size();
        if (choices.optimizer >= optimizers) {
            throw new IllegalArgumentException(
                    "LearningRateFinder: optimizer %d of %d; use a number below that"
                            .formatted(choices.optimizer, optimizers));
        }
    }

    /// What the module configures may depend on the rate, so its optimizers are made again and put where they stood.
    @Override
    protected void onResume(FitRun run) {
        if (found().isPresent()) {
            var state = run.scope().stateDict();
            module(run).learningRate(found().orElseThrow().rate());
            run.scope().configureOptimizers();
            run.scope().loadStateDict(state);
        }
    }

    @Override
    protected boolean done(FitRun run) {
        return leftOut(run) || found().isPresent();
    }

    @Override
    protected Trial trial(FitRun run) {
        return new Trial(run.data(), plan(run.plan()), List.of(new RangeTest(choices)));
    }

    /// The test ends itself.
    private static FitPlan plan(FitPlan plan) {
        return plan.with(config ->
                config.minEpochs(0)
                        .maxEpochs(-1)
                        .minSteps(0)
                        .maxSteps(-1)
                        .validationLimit(Limit.batches(0)));
    }

    @Override
    protected void tried(FitRun trial, Optional<FitResult> result) {
        var test =
                trial.hooks().callbacks().stream()
                        .filter(RangeTest.class::isInstance)
                        .map(RangeTest.class::cast)
                        .findFirst()
                        .orElseThrow();
        found.set(List.of(choices.found(test.losses())));
    }

    @Override
    protected void choose(FitRun run) {
        var known = found().orElseThrow();
        module(run).learningRate(known.rate());
        run.scope().configureOptimizers();
        learningRateFound.fire(run.hooks(), known);
    }

    private static TunableModule module(FitRun run) {
        if (run.scope().module() instanceof TunableModule module) {
            return module;
        }
        throw new IllegalArgumentException(
                "LearningRateFinder: the module is a %s; fit a TunableModule, which is told the rate"
                        .formatted(run.scope().module().getClass().getSimpleName()));
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE
                .advance(runs(fitLoop()))
                .onRunEnd(calls(learningRateFound), runs(fitLoop()));
    }

    /// How rates are tested.
    record Choices(
            double least,
            double most,
            int steps,
            boolean linear,
            double smoothing,
            double divergence,
            int skipFirst,
            int skipLast,
            int optimizer) {

        /// {@return the rate of a step, from 0}
        double rate(int step) {
            double part = steps == 1 ? 0 : (double) step / (steps - 1);
            return linear ? least + (most - least) * part : least * Math.pow(most / least, part);
        }

        LearningRateFound found(List<Double> losses) {
            var rates = IntStream.range(0, losses.size()).mapToObj(this::rate).toList();
            int from = Math.min(skipFirst, losses.size());
            int to = Math.max(from, losses.size() - skipLast);
            double rate =
                    LearningRateFound.steepest(rates.subList(from, to), losses.subList(from, to))
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "LearningRateFinder: the loss falls at none of %d rates from %s to %s, the first %d and the last %d left out; test another range, or more steps"
                                                    .formatted(
                                                            losses.size(),
                                                            least,
                                                            most,
                                                            skipFirst,
                                                            skipLast)));
            return new LearningRateFound(rate, rates, losses);
        }
    }

    /// What differs from the usual, set in a chain of calls.
    public static final class Config {
        private double least = 1e-8;
        private double most = 1;
        private int steps = 100;
        private boolean linear;
        private double smoothing = 0.98;
        private double divergence = 4;
        private int skipFirst = 10;
        private int skipLast = 1;
        private int optimizer;

        private Config() {}

        /// Sets the first and the last rate; 1e-8 and 1 if not set.
        ///
        /// @param least above 0
        /// @param most above `least`
        /// @return this
        public Config range(double least, double most) {
            if (!(least > 0 && least < most && Double.isFinite(most))) {
                throw new IllegalArgumentException(
                        "LearningRateFinder: the range is %s to %s; use two ascending numbers above 0"
                                .formatted(least, most));
            }
            this.least = least;
            this.most = most;
            return this;
        }

        /// Sets how many rates are tested; 100 if not set.
        ///
        /// @param steps more than the losses that are left out, by 2 at least
        /// @return this
        public Config steps(int steps) {
            this.steps = steps;
            return this;
        }

        /// Lets the rates grow by the same amount from step to step. If not set, they grow by the same factor.
        ///
        /// @return this
        public Config linear() {
            linear = true;
            return this;
        }

        /// Sets how much of the mean of the losses is kept at each step; 0.98 if not set.
        ///
        /// @param factor from 0, below 1; 0 for no smoothing
        /// @return this
        public Config smoothing(double factor) {
            if (!(factor >= 0 && factor < 1)) {
                throw new IllegalArgumentException(
                        "LearningRateFinder: smoothing is %s; use a number from 0, below 1"
                                .formatted(factor));
            }
            smoothing = factor;
            return this;
        }

        /// Sets how many times the best loss is a divergence; 4 if not set.
        ///
        /// @param factor above 1; infinity to go through the whole range
        /// @return this
        public Config divergence(double factor) {
            if (!(factor > 1)) {
                throw new IllegalArgumentException(
                        "LearningRateFinder: divergence is %s; use a number above 1"
                                .formatted(factor));
            }
            divergence = factor;
            return this;
        }

        /// Sets how many losses say nothing: the first, in which the mean is still that of few, and the last, which may
        /// have diverged; 10 and 1 if not set.
        ///
        /// @param first from 0
        /// @param last from 0
        /// @return this
        public Config leaveOut(int first, int last) {
            if (first < 0 || last < 0) {
                throw new IllegalArgumentException(
                        "LearningRateFinder: %d and %d losses are left out; use numbers from 0"
                                .formatted(first, last));
            }
            skipFirst = first;
            skipLast = last;
            return this;
        }

        /// Sets which optimizer is tested; the first if not set. All others keep their rates.
        ///
        /// @param index its place in the plan, from 0
        /// @return this
        public Config optimizer(int index) {
            if (index < 0) {
                throw new IllegalArgumentException(
                        "LearningRateFinder: optimizer %d; use a number from 0".formatted(index));
            }
            optimizer = index;
            return this;
        }

        private Choices choices() {
            if (steps < skipFirst + skipLast + 2) {
                throw new IllegalArgumentException(
                        "LearningRateFinder: %d steps, of which %d are left out; a slope needs 2 that are not"
                                .formatted(steps, skipFirst + skipLast));
            }
            return new Choices(
                    least,
                    most,
                    steps,
                    linear,
                    smoothing,
                    divergence,
                    skipFirst,
                    skipLast,
                    optimizer);
        }
    }
}
