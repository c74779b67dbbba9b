package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Num;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.Callback;
import loops.core.training.FitPlan;
import loops.core.training.FitRun;
import loops.core.training.RunView;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.data.Batch;

class TimerTest {
    @Test
    void eachFitHasAllOfTheTime() {
        var now = new AtomicReference<>(Instant.EPOCH);
        var timer = Timer.of(Duration.ofSeconds(3)).clock(now::get);
        var second =
                new Callback() {
                    @Override
                    public void onTrainBatchStart(RunView run, Batch batch, int index) {
                        now.updateAndGet(time -> time.plusSeconds(1));
                    }
                };
        var trainer = Trainer.of(config -> config.maxEpochs(9).callbacks(second, timer));

        for (int fit = 0; fit < 2; fit++) {
            var result = trainer.fit(new Slope(), Slope.data(Slope.points(9, 1)));

            assertEquals(3, result.globalStep());
            assertEquals(Optional.of("the time of PT3S is up"), result.stopReason());
        }
    }

    @Test
    void theTimeOfAFoldThatWasGoneOnWithIsNotChargedToTheNext() {
        var now = new AtomicReference<>(Instant.EPOCH);
        var timer = Timer.of(Duration.ofSeconds(3)).clock(now::get);
        timer.loadStateDict(Fields.of("elapsed_millis", new Num(2_000)));
        timer.onFitStart(view());
        now.set(Instant.ofEpochSecond(1));
        assertEquals(Duration.ofSeconds(3), timer.elapsed());

        timer.onTrainStart(view());

        assertEquals(Duration.ZERO, timer.elapsed());
    }

    @Test
    void theTimeOfAFoldGoesOnWhereItWasCut() {
        var now = new AtomicReference<>(Instant.EPOCH);
        var timer = Timer.of(Duration.ofSeconds(3)).clock(now::get);
        timer.loadStateDict(Fields.of("elapsed_millis", new Num(2_000)));

        try (var batches = Slope.points(2, 1).open(0, 0)) {
            for (int index = 0; batches.hasNext(); index++) {
                timer.onTrainBatchStart(view(), batches.next(), index);
                now.updateAndGet(time -> time.plusMillis(200));
            }
        }

        assertEquals(Duration.ofMillis(2_400), timer.elapsed());
    }

    private static RunView view() {
        var scope = TrainingScope.of(new Slope(), RandomKey.of(1));
        return FitRun.of(scope, Slope.data(Slope.points(2, 1)), FitPlan.of(plan -> {})).view();
    }
}
