package loops.core.callback;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.Callback;
import loops.core.training.RunView;

/// Asks for a stop when a metric has stopped getting better.
///
/// ```java
/// EarlyStopping.of("val_loss", MIN)
/// EarlyStopping.of("val_acc", MAX, config -> config.patience(10).minDelta(0.001).stopAt(0.99))
/// ```
///
/// The metric is looked at after each epoch, or after each validation where epochs have none or several. The first of
/// these that holds decides:
///
/// | the metric | then |
/// |---|---|
/// | is NaN or infinite, unless [Config#allowNonFinite()] | stop |
/// | is better than [Config#stopAt(double)] | stop |
/// | is worse than [Config#giveUpAt(double)] | stop |
/// | is better than the best so far by more than [Config#minDelta(double)] | it is the best |
/// | is not, and has not been for [Config#patience(int)] looks in a row | stop |
///
/// A look counts only if the metric has been measured since the last one. Patience counts looks, not epochs, and begins anew with each fit. A request to stop is honoured once the fit's least
/// epochs and steps are made. A fit that has stopped goes on when it is resumed with choices by which it would not have, as
/// with more patience. Prechelt, Early stopping - but when?, 1998.
public final class EarlyStopping implements Callback {
    private static final System.Logger LOG = System.getLogger(EarlyStopping.class.getName());

    private final String monitor;
    private final Mode mode;
    private final Choices choices;
    private final Seen seen;

    private record Choices(
            int patience,
            double minDelta,
            boolean strict,
            boolean onlyFinite,
            OptionalDouble stopAt,
            OptionalDouble giveUpAt,
            Optional<Boolean> atEpochEnd) {}

    /// How it stood when a stop was asked for.
    private record Stopped(int epoch, double value, int waited) {
        Fields stateDict() {
            return Fields.empty().with("epoch", epoch).with("value", value).with("waited", waited);
        }

        static Stopped of(Fields state) {
            return new Stopped(
                    Math.toIntExact(state.num("epoch")),
                    state.real("value"),
                    Math.toIntExact(state.num("waited")));
        }
    }

    /// What is remembered of the metric.
    private static final class Seen implements Stateful {
        private double best;
        private int waited;
        private int checks;
        private long looked; // the measurements of the metric at the last look
        private Optional<Stopped> stopped = Optional.empty();

        Seen(double best) {
            this.best = best;
        }

        void clear(double worst) {
            best = worst;
            waited = 0;
            checks = 0;
            stopped = Optional.empty();
        }

        @Override
        public Fields stateDict() {
            var state =
                    Fields.empty()
                            .with("best", best)
                            .with("waited", waited)
                            .with("checks", checks)
                            .with("looked", looked);
            return stopped.isPresent() ? state.with("stopped", stopped.get().stateDict()) : state;
        }

        @Override
        public void loadStateDict(Fields state) {
            best = state.real("best");
            waited = Math.toIntExact(state.num("waited"));
            checks = Math.toIntExact(state.num("checks"));
            looked = state.num("looked");
            stopped =
                    state.has("stopped")
                            ? Optional.of(Stopped.of(state.fields("stopped")))
                            : Optional.empty();
        }
    }

    private EarlyStopping(String monitor, Mode mode, Choices choices) {
        this.monitor = monitor;
        this.mode = mode;
        this.choices = choices;
        this.seen = new Seen(mode.worst());
    }

    /// {@return a callback with a patience of 3 looks, for which every gain counts}
    ///
    /// @param metric the name of the metric
    /// @param better which of its values are the better ones
    public static EarlyStopping of(String metric, Mode better) {
        return of(metric, better, config -> {});
    }

    /// {@return a callback with these choices}
    ///
    /// @param metric the name of the metric
    /// @param better which of its values are the better ones
    /// @param choices sets what is not to be the default
    /// @throws IllegalArgumentException if a number is out of its range
    public static EarlyStopping of(String metric, Mode better, Consumer<Config> choices) {
        var config = new Config();
        choices.accept(config);
        return new EarlyStopping(metric, better, config.choices());
    }

    /// What differs from the usual, set in a chain of calls.
    public static final class Config {
        private int patience = 3;
        private double minDelta = 0;
        private boolean strict = true;
        private boolean onlyFinite = true;
        private OptionalDouble stopAt = OptionalDouble.empty();
        private OptionalDouble giveUpAt = OptionalDouble.empty();
        private Optional<Boolean> atEpochEnd = Optional.empty();

        private Config() {}

        /// Sets after how many looks in a row without a gain to stop; 3 if not set.
        ///
        /// @param looks a number from 0, which is as good as 1
        /// @return this
        /// @throws IllegalArgumentException if it is negative
        public Config patience(int looks) {
            if (looks < 0) {
                throw new IllegalArgumentException(
                        "EarlyStopping: patience is %d; use a number from 0".formatted(looks));
            }
            patience = looks;
            return this;
        }

        /// Sets what has to be gained, and more, for a new best; 0 if not set.
        ///
        /// @param gain a number from 0
        /// @return this
        /// @throws IllegalArgumentException if it is negative or NaN
        public Config minDelta(double gain) {
            if (!(gain >= 0)) {
                throw new IllegalArgumentException(
                        "EarlyStopping: minDelta is %s; use a number from 0".formatted(gain));
            }
            minDelta = gain;
            return this;
        }

        /// Passes over looks at which the metric has not been logged, with a warning. If not set, that is an error.
        ///
        /// @return this
        public Config lenient() {
            strict = false;
            return this;
        }

        /// Goes on when the metric is NaN or infinite. If not set, that is a reason to stop.
        ///
        /// @return this
        public Config allowNonFinite() {
            onlyFinite = false;
            return this;
        }

        /// Stops once the metric is better than this: it is good enough.
        ///
        /// @param value a value of the metric
        /// @return this
        public Config stopAt(double value) {
            stopAt = OptionalDouble.of(value);
            return this;
        }

        /// Stops once the metric is worse than this: the training diverges.
        ///
        /// @param value a value of the metric
        /// @return this
        public Config giveUpAt(double value) {
            giveUpAt = OptionalDouble.of(value);
            return this;
        }

        /// Sets where to look: at the end of each epoch, or else after each validation. If not set, at the end of epochs
        /// where each has one validation, at its end, and where the module is not validated.
        ///
        /// @param end whether at the end of epochs
        /// @return this
        public Config atEpochEnd(boolean end) {
            atEpochEnd = Optional.of(end);
            return this;
        }

        private Choices choices() {
            return new Choices(
                    patience, minDelta, strict, onlyFinite, stopAt, giveUpAt, atEpochEnd);
        }
    }

    // ---- what was seen

    /// {@return the best value so far; the worst infinity before the first}
    public double best() {
        return seen.best;
    }

    /// {@return how many looks in a row there has been no gain}
    public int waited() {
        return seen.waited;
    }

    /// {@return how many times the metric has been looked at}
    public int checks() {
        return seen.checks;
    }

    /// {@return the epoch, from 0, in which a stop was last asked for}
    public OptionalInt stoppedEpoch() {
        return seen.stopped.map(at -> OptionalInt.of(at.epoch())).orElseGet(OptionalInt::empty);
    }

    // ---- hooks

    /// {@return a name made of what is monitored} A run with two callbacks that agree in that is refused.
    @Override
    public String stateKey() {
        return "EarlyStopping{monitor=%s, mode=%s}".formatted(monitor, mode);
    }

    @Override
    public boolean sitsOutTrials() {
        return true;
    }

    /// A fit begins, perhaps one of several: what was seen in the one before is nothing to it.
    @Override
    public void onTrainStart(RunView run) {
        seen.clear(mode.worst());
    }

    /// What was asked for by the choices of an earlier process may not be asked for by those of this one.
    @Override
    public void onFitStart(RunView run) {
        seen.stopped
                .filter(at -> reasonToStop(at.value(), at.waited()).isEmpty())
                .ifPresent(_ -> run.withdrawStop(this));
    }

    @Override
    public void onTrainEpochMeasured(RunView run) {
        if (atEpochEnd(run)) {
            check(run);
        }
    }

    @Override
    public void onValidationEnd(RunView run) {
        if (run.validatesInFit() && !atEpochEnd(run)) {
            check(run);
        }
    }

    private boolean atEpochEnd(RunView run) {
        boolean validated = run.module().validates() && !run.plan().validationLimit().none();
        return choices.atEpochEnd.orElse(run.plan().validatesOnceAnEpoch() || !validated);
    }

    /// A value that was looked at before, as after an epoch that was ended early, is none that did not get better.
    private void check(RunView run) {
        var value = run.metrics().get(monitor);
        if (value.isEmpty()) {
            if (!validationIsToCome(run)) {
                missing(run);
            }
            return;
        }
        long measurements = run.metrics().measurements(monitor);
        if (measurements == seen.looked) {
            return;
        }
        seen.looked = measurements;
        seen.checks++;
        look(value.getAsDouble());
        reasonToStop(value.getAsDouble(), seen.waited)
                .ifPresent(reason -> {
                    seen.stopped =
                            Optional.of(new Stopped(run.epoch(), value.getAsDouble(), seen.waited));
                    run.stop(this, reason);
                });
    }

    /// The first one is, if its epoch was ended early.
    private static boolean validationIsToCome(RunView run) {
        boolean some = run.validationBatchCount().orElse(1) > 0;
        return run.module().validates() && some && !run.metrics().hasEvaluated();
    }

    private void missing(RunView run) {
        String message =
                "EarlyStopping: '%s' is monitored and was not logged, only %s; log it, or monitor one of these"
                        .formatted(monitor, run.metrics().all().keySet());
        if (choices.strict) {
            throw new IllegalStateException(message);
        }
        LOG.log(Level.WARNING, message);
    }

    /// What is reason enough by itself neither is the best nor tries the patience.
    private void look(double value) {
        if (reasonByValue(value).isPresent()) {
            return;
        }
        if (gains(value)) {
            seen.best = value;
            seen.waited = 0;
        } else {
            seen.waited++;
        }
    }

    private Optional<String> reasonToStop(double value, int waited) {
        return reasonByValue(value)
                .or(() ->
                        waited == 0 || waited < choices.patience
                                ? Optional.empty()
                                : Optional.of(
                                        "%s is %s, and %s was the best %d looks ago"
                                                .formatted(monitor, value, seen.best, waited)));
    }

    private Optional<String> reasonByValue(double value) {
        if (choices.onlyFinite && !Double.isFinite(value)) {
            return Optional.of("%s is %s, which is not finite".formatted(monitor, value));
        }
        if (choices.stopAt.isPresent() && mode.better(value, choices.stopAt.getAsDouble())) {
            double enough = choices.stopAt.getAsDouble();
            return Optional.of("%s is %s, better than %s".formatted(monitor, value, enough));
        }
        if (choices.giveUpAt.isPresent() && mode.better(choices.giveUpAt.getAsDouble(), value)) {
            double bound = choices.giveUpAt.getAsDouble();
            return Optional.of("%s is %s, worse than %s".formatted(monitor, value, bound));
        }
        return Optional.empty();
    }

    private boolean gains(double value) {
        double handicapped = mode == Mode.MIN ? value + choices.minDelta : value - choices.minDelta;
        return mode.better(handicapped, seen.best);
    }

    @Override
    public Fields stateDict() {
        return seen.stateDict();
    }

    @Override
    public void loadStateDict(Fields state) {
        seen.loadStateDict(state);
    }
}
