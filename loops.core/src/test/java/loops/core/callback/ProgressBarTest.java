package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import loops.core.Slope;
import loops.core.training.Activity;
import loops.core.training.BatchResult;
import loops.core.training.FitPlan;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingScope;
import org.junit.jupiter.api.Test;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;

class ProgressBarTest {
    private final StringWriter out = new StringWriter();
    private final TrainingScope scope = TrainingScope.of(new Slope(), RandomKey.of(1));
    private long millis = 1000;

    @Test
    void elsewhereItIsALineAnEpoch() {
        var bar = bar(false);
        var run = view(2, OptionalInt.of(4));
        scope.metrics().putAll(Map.of("loss", 0.25));

        bar.onTrainEpochStart(run);
        end(bar, run, 0, 2000);
        bar.onTrainEpochEnd(run);
        bar.onTrainEnd(run);

        assertEquals("epoch 1/2  loss 0.2500\n", said());
    }

    @Test
    void onATerminalItIsABarWithRateAndTimeLeft() {
        var bar = bar(true);
        var run = view(2, OptionalInt.of(4));

        bar.onTrainEpochStart(run);
        end(bar, run, 0, 2000);
        end(bar, run, 1, 2050);
        end(bar, run, 2, 2100);
        bar.onTrainEpochEnd(run);
        bar.onTrainEnd(run);

        assertEquals(
                "\repoch 1/2 [======                  ] 1/4  1/s  0:07 left\u001b[K"
                        + "\repoch 1/2 [==================      ] 3/4  3/s  0:02 left\u001b[K"
                        + "\repoch 1/2  \u001b[K\n",
                said());
    }

    @Test
    void hoursAreShownAsSuch() {
        var bar = bar(true);
        var run = view(1801, OptionalInt.of(2));

        bar.onTrainEpochStart(run);
        end(bar, run, 0, 2000);

        assertEquals(
                "\repoch 1/1801 [============            ] 1/2  1/s  1:00:01 left\u001b[K", said());
    }

    @Test
    void anEpochOfUnknownLengthHasNoBar() {
        var bar = bar(true);
        var run = view(-1, OptionalInt.empty());

        bar.onTrainEpochStart(run);
        end(bar, run, 0, 1500);

        assertEquals("\repoch 1  1 batches  2/s\u001b[K", said());
    }

    private ProgressBar bar(boolean terminal) {
        return new ProgressBar(new PrintWriter(out), terminal, () -> Instant.ofEpochMilli(millis));
    }

    private void end(ProgressBar bar, RunView run, int batch, long at) {
        millis = at;
        var result = new BatchResult(List.of());
        bar.onTrainBatchEnd(run, result, Batch.of(Tensor.of(1f)), batch);
    }

    private RunView view(int maxEpochs, OptionalInt batches) {
        var plan = FitPlan.of(config -> config.maxEpochs(maxEpochs));
        return new RunView(Activity.TRAINING, scope, plan, 0, batches, new SaveRequest());
    }

    private String said() {
        return out.toString().replace(System.lineSeparator(), "\n");
    }
}
