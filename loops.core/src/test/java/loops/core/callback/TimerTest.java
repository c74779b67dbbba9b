package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import loops.core.Slope;
import loops.core.Trainer;
import loops.core.training.Callback;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
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
}
