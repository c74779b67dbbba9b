package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import loops.core.callback.EarlyStopping;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.Timer;
import loops.core.training.Callback;
import loops.core.training.FitResult;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;

/// A fit that was ended goes on when it is resumed with more of what it had used up.
class LargerBudgetTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    @TempDir private Path folder;

    /// Each batch takes a second.
    private final class Seconds implements Callback {
        @Override
        public void onTrainBatchStart(RunView run, Batch batch, int index) {
            now.updateAndGet(time -> time.plusSeconds(1));
        }
    }

    /// Logs the number of each epoch.
    private static final class Epochs implements Callback {
        @Override
        public void onTrainEpochEnd(RunView run) {
            run.log("epoch", run.epoch());
        }
    }

    @Test
    void withTheSameTimeItIsAtItsEndAndWithMoreItGoesOn() {
        var ended = fit(9, Resume.never(), seconds(3));
        assertEquals(3, ended.globalStep());
        assertEquals(Optional.of("the time of PT3S is up"), ended.stopReason());

        var same = fit(9, Resume.latest(folder), seconds(3));
        assertEquals(3, same.globalStep());
        assertEquals(ended.stopReason(), same.stopReason());

        var longer = fit(9, Resume.latest(folder), seconds(5));
        assertEquals(5, longer.globalStep());
        assertEquals(Optional.of("the time of PT5S is up"), longer.stopReason());
    }

    @Test
    void withoutTheTimerItGoesOnToTheEnd() {
        fit(9, Resume.never(), seconds(3));

        var refused =
                assertThrows(IllegalArgumentException.class, () -> fit(9, Resume.latest(folder)));
        assertEquals(
                "Hooks.loadStateDict: the state of callbacks [Timer] was saved, but the run has [Seconds, Epochs, %s]; add them, or leave them out by Resume.without(..)"
                        .formatted(saving().stateKey()),
                refused.getMessage());

        var result = fit(9, Resume.latest(folder).without("Timer"));
        assertEquals(9, result.globalStep());
        assertEquals(Optional.empty(), result.stopReason());
    }

    @Test
    void whatWasNotSavedCannotBeLeftOut() {
        fit(1, Resume.never());

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> fit(2, Resume.latest(folder).without("Clock")));

        assertEquals(
                "Resume.without: no state of 'Clock' was saved, only of [%s]; name one of these"
                        .formatted(saving().stateKey()),
                refused.getMessage());
    }

    @Test
    void withMorePatienceItGoesOn() {
        var ended = fit(9, Resume.never(), patient(2));
        assertEquals(3, ended.epochs());

        var same = fit(9, Resume.latest(folder), patient(2));
        assertEquals(3, same.epochs());
        assertEquals(ended.stopReason(), same.stopReason());

        var longer = fit(9, Resume.latest(folder), patient(4));
        assertEquals(5, longer.epochs());
        assertEquals(
                Optional.of("epoch is 4.0, and 0.0 was the best 4 looks ago"), longer.stopReason());
    }

    @Test
    void aValueThatWasGoodEnoughMayNotBeAnyMore() {
        var ended = fit(9, Resume.never(), enough(1));
        assertEquals(Optional.of("epoch is 2.0, better than 1.0"), ended.stopReason());

        var longer = fit(9, Resume.latest(folder), enough(4));

        assertEquals(Optional.of("epoch is 5.0, better than 4.0"), longer.stopReason());
    }

    @Test
    void theStopOfAnotherStands() {
        var stopping =
                new Callback() {
                    @Override
                    public void onTrainEpochEnd(RunView run) {
                        run.stop("enough");
                    }
                };
        fit(9, Resume.never(), stopping, seconds(1));

        var result = fit(9, Resume.latest(folder), seconds(7));

        assertEquals(1, result.epochs());
        assertEquals(Optional.of("enough"), result.stopReason());
    }

    private Timer seconds(int limit) {
        return Timer.of(Duration.ofSeconds(limit)).clock(now::get);
    }

    private static EarlyStopping patient(int looks) {
        return EarlyStopping.of("epoch", Mode.MIN, config -> config.patience(looks));
    }

    private static EarlyStopping enough(double value) {
        return EarlyStopping.of("epoch", Mode.MAX, config -> config.stopAt(value));
    }

    private ModelCheckpoint saving() {
        return ModelCheckpoint.newest(folder);
    }

    /// Epochs of one batch.
    private FitResult fit(int epochs, Resume resume, Callback... callbacks) {
        var all = new ArrayList<Callback>();
        all.add(new Seconds());
        all.add(new Epochs());
        all.addAll(List.of(callbacks));
        all.add(saving());
        var trainer =
                Trainer.of(
                        config -> config.maxEpochs(epochs).callbacks(all.toArray(Callback[]::new)));
        return trainer.fit(new Slope(), Slope.data(Slope.points(1, 1)), resume);
    }
}
