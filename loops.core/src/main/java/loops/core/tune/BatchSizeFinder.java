package loops.core.tune;

import static loops.api.Call.calls;
import static loops.api.Call.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Hook;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Limit;
import loops.core.tune.BatchSizeFound.Attempt;

/// Tries batch sizes before a fit, and fits with the largest that was found to fit into memory.
///
/// ```java
/// trainer.slots().fit().replace(fit -> new BatchSizeFinder(fit, config -> config.bisect()));
/// trainer.fit(module, data);   // the data is TunableData
/// ```
///
/// A trial trains and validates on a few batches of one size. The size is doubled until memory is out
/// ([OutOfMemoryError]), a limit is reached, or all data is one batch; if the first is too large already, it is halved
/// until it fits; where not even one sample does, the error leaves the loop. With [Config#bisect] the sizes between the largest that fits and the smallest that does not are tried
/// then.
///
/// Nothing of the trials stays, see [TrialLoop]: the fit that follows has the bits of a fit on data of the size that was
/// found. Callbacks hear of it by the hook `batch_size_found`. Whether a size fits may depend on what else the machine
/// does; a resumed run keeps the answers that it has.
@SuppressWarnings("this-escape") // its parts are declared here, and used only in a run
public class BatchSizeFinder extends TrialLoop {
    private final Cell<List<Attempt>> attempts =
            cell("attempts", Codec.listOf(Attempt.CODEC), List.of());
    private final Hook<BatchSizeFound> batchSizeFound =
            hook("batch_size_found", BatchSizeFound.class);
    private final Choices choices;

    /// Trials of 3 batches, of 2 samples at first, before a fit.
    ///
    /// @param fit makes the trials, and the fit
    public BatchSizeFinder(Loop<FitRun, FitResult> fit) {
        this(fit, config -> {});
    }

    /// Trials as `config` says, before a fit.
    ///
    /// @param fit makes the trials, and the fit
    /// @param config sets what differs from the usual
    /// @throws IllegalArgumentException if a choice is out of its range
    public BatchSizeFinder(Loop<FitRun, FitResult> fit, Consumer<Config> config) {
        super(fit);
        var chosen = new Config();
        config.accept(chosen);
        this.choices = chosen.choices();
    }

    /// {@return what the trials of the latest run came to, if they have come to their end}
    public final Optional<BatchSizeFound> found() {
        var tried = attempts.get();
        return tried.isEmpty() || choices.next(tried).isPresent()
                ? Optional.empty()
                : Optional.of(new BatchSizeFound(Choices.fitting(tried), tried));
    }

    @Override
    protected void reset(FitRun run) {
        super.reset(run);
        attempts.set(List.of());
    }

    @Override
    protected void onRunStart(FitRun run) {
        data(run);
    }

    @Override
    protected boolean done(FitRun run) {
        return leftOut(run) || choices.next(attempts.get()).isEmpty();
    }

    private int size() {
        return choices.next(attempts.get()).orElseThrow();
    }

    @Override
    protected Trial trial(FitRun run) {
        return new Trial(data(run).batchSize(size()), plan(run.plan()), List.of());
    }

    /// One short epoch of everything.
    private FitPlan plan(FitPlan plan) {
        var few = Limit.batches(choices.batches);
        return plan.with(config ->
                config.fastDevRun(choices.batches)
                        .maxSteps(-1)
                        .trainLimit(few.within(plan.trainLimit()))
                        .validationLimit(few.within(plan.validationLimit())));
    }

    /// Where not even one sample fits, that is what the fit would come to.
    @Override
    protected boolean expects(Throwable thrown) {
        return size() > 1 && memoryIsOut(thrown);
    }

    private static boolean memoryIsOut(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected void tried(FitRun trial, Optional<FitResult> result) {
        var all = new ArrayList<>(attempts.get());
        all.add(
                new Attempt(
                        size(),
                        result.isPresent(),
                        trial.sources().train().batchCount().orElse(2) < 2));
        attempts.set(List.copyOf(all));
    }

    @Override
    protected void choose(FitRun run) {
        batchSizeFound.fire(run.hooks(), found().orElseThrow());
    }

    @Override
    protected FitRun chosen(FitRun run) {
        return new FitRun(
                run.scope(),
                data(run).batchSize(Choices.fitting(attempts.get())),
                run.hooks(),
                run.plan(),
                run.saves());
    }

    private static TunableData data(FitRun run) {
        if (run.data() instanceof TunableData data) {
            return data;
        }
        throw new IllegalArgumentException(
                "BatchSizeFinder: the data is a %s; fit on TunableData, which comes in batches of any size"
                        .formatted(run.data().getClass().getSimpleName()));
    }

    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE
                .advance(runs(fitLoop()))
                .onRunEnd(calls(batchSizeFound), runs(fitLoop()));
    }

    /// Which sizes are tried.
    record Choices(int start, int limit, int batches, boolean bisects) {

        /// {@return the size to try next; none if the answer is there}
        OptionalInt next(List<Attempt> tried) {
            if (tried.isEmpty()) {
                return OptionalInt.of(start);
            }
            int fitting = fitting(tried);
            int tooLarge = tooLarge(tried);
            if (tooLarge == 0) {
                return fitting >= limit || tried.getLast().whole()
                        ? OptionalInt.empty()
                        : OptionalInt.of((int) Math.min(2L * fitting, limit));
            }
            if (fitting == 0) {
                return OptionalInt.of(tooLarge / 2);
            }
            return bisects && tooLarge - fitting > 1
                    ? OptionalInt.of((fitting + tooLarge) / 2)
                    : OptionalInt.empty();
        }

        /// {@return the largest size that fits; 0 for none so far}
        static int fitting(List<Attempt> tried) {
            return tried.stream().filter(Attempt::fits).mapToInt(Attempt::size).max().orElse(0);
        }

        /// {@return the smallest size that does not fit; 0 for none so far}
        private static int tooLarge(List<Attempt> tried) {
            return tried.stream()
                    .filter(attempt -> !attempt.fits())
                    .mapToInt(Attempt::size)
                    .min()
                    .orElse(0);
        }
    }

    /// What differs from the usual, set in a chain of calls.
    public static final class Config {
        private int start = 2;
        private int limit = 1 << 16;
        private int batches = 3;
        private boolean bisects;

        private Config() {}

        /// Sets the size that is tried first; 2 if not set.
        ///
        /// @param size from 1
        /// @return this
        public Config start(int size) {
            start = positive("start", size);
            return this;
        }

        /// Sets the largest size that is tried; 65536 if not set.
        ///
        /// @param size from 1
        /// @return this
        public Config limit(int size) {
            limit = positive("limit", size);
            return this;
        }

        /// Sets how many batches a trial trains and validates on; 3 if not set.
        ///
        /// @param count from 1
        /// @return this
        public Config batches(int count) {
            batches = positive("batches", count);
            return this;
        }

        /// Halves the range between the largest size that fits and the smallest that does not, until it is closed. If
        /// not set, the former is taken.
        ///
        /// @return this
        public Config bisect() {
            bisects = true;
            return this;
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(
                        "BatchSizeFinder: %s is %d; use a number from 1".formatted(name, value));
            }
            return value;
        }

        private Choices choices() {
            if (start > limit) {
                throw new IllegalArgumentException(
                        "BatchSizeFinder: the first size is %d and the limit %d; start below it"
                                .formatted(start, limit));
            }
            return new Choices(start, limit, batches, bisects);
        }
    }
}
