package loops.core.callback;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.data.Batch;

/// Ends a training after a time. What earlier processes have spent on the same run counts; a run that has used up its time
/// goes on when it is resumed with more.
///
/// How many batches fit into a time is not the same twice, so a run with a timer is resumed exactly only up to the
/// place where the timer ends it.
public final class Timer implements Callback {
    private final Duration limit;
    private final boolean everyBatch;
    private final Watch watch;

    /// The time of this process, and that of the processes before it.
    private static final class Watch implements Stateful {
        private final InstantSource clock;
        private Optional<Long> startMillis = Optional.empty();
        private long earlierMillis;
        private boolean loaded;

        Watch(InstantSource clock) {
            this.clock = clock;
        }

        void start() {
            startMillis = Optional.of(clock.millis());
        }

        /// A part of a run that is gone on with, as a fold, begins without any hook of the whole.
        void goOn() {
            if (startMillis.isEmpty()) {
                start();
            }
        }

        void restart() {
            earlierMillis = 0;
            start();
        }

        /// A resumed training begins without `onTrainStart`; one that is not resumed has all of the time.
        void beginFit() {
            if (loaded) {
                start();
            } else {
                startMillis = Optional.empty();
                earlierMillis = 0;
            }
            loaded = false;
        }

        Duration elapsed() {
            long now = startMillis.map(start -> clock.millis() - start).orElse(0L);
            return Duration.ofMillis(earlierMillis + now);
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("elapsed_millis", elapsed().toMillis());
        }

        @Override
        public void loadStateDict(Fields state) {
            earlierMillis = state.num("elapsed_millis");
            startMillis = Optional.empty();
            loaded = true;
        }
    }

    private Timer(Duration limit, boolean everyBatch, InstantSource clock) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException(
                    "Timer: the time is %s; use one from 0".formatted(limit));
        }
        this.limit = limit;
        this.everyBatch = everyBatch;
        this.watch = new Watch(clock);
    }

    /// {@return a timer that looks at the clock after each batch}
    ///
    /// @param limit the time that a training may take
    public static Timer of(Duration limit) {
        return new Timer(limit, true, InstantSource.system());
    }

    /// {@return this timer, looking at the clock after each epoch only}
    public Timer perEpoch() {
        return new Timer(limit, false, watch.clock);
    }

    /// {@return this timer with another clock}
    ///
    /// @param other tells the time
    public Timer clock(InstantSource other) {
        return new Timer(limit, everyBatch, other);
    }

    /// {@return when this process began to train, in milliseconds of the epoch, if it has begun}
    public Optional<Long> startMillis() {
        return watch.startMillis;
    }

    /// {@return the time spent on training}
    public Duration elapsed() {
        return watch.elapsed();
    }

    /// {@return the time that is left, not below 0}
    public Duration remaining() {
        var left = limit.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// A training that has used up its time before is not begun again, unless there is more of it by now.
    @Override
    public void onFitStart(RunView run) {
        watch.beginFit();
        if (!remaining().isZero()) {
            run.withdrawStop(this);
        }
        check(run);
    }

    /// A fit begins, perhaps one of several in a run: each has all of the time.
    @Override
    public void onTrainStart(RunView run) {
        watch.restart();
    }

    @Override
    public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
        watch.goOn();
    }

    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
        if (everyBatch) {
            check(run);
        }
    }

    @Override
    public void onTrainEpochMeasured(RunView run) {
        if (!everyBatch) {
            check(run);
        }
    }

    private void check(RunView run) {
        if (remaining().isZero()) {
            run.stop(this, "the time of %s is up".formatted(limit));
        }
    }

    @Override
    public boolean sitsOutTrials() {
        return true;
    }

    @Override
    public Fields stateDict() {
        return watch.stateDict();
    }

    @Override
    public void loadStateDict(Fields state) {
        watch.loadStateDict(state);
    }
}
