package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Consumer;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import tensor.data.Batch;

/// An accumulation window that an early end of an epoch cuts is of no meaning to what comes after.
class CutWindowTest {
    private static final int WINDOW = 4;

    private static DataModule data() {
        return Slope.data(Slope.points(8, 1));
    }

    /// Does something after the second batch of the first epoch, once.
    private static Callback inTheFirstWindow(Consumer<RunView> what) {
        return new Callback() {
            private boolean done;

            @Override
            public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int index) {
                if (index == 1 && !done) {
                    done = true;
                    what.accept(run);
                }
            }
        };
    }

    private static Trainer trainer(int epochs, Callback... callbacks) {
        return Trainer.of(
                config -> config.maxEpochs(epochs).accumulate(WINDOW).callbacks(callbacks));
    }

    private static List<Double> fittedAlone() {
        var alone = new Slope();
        var _ = trainer(1).fit(alone, data());
        return alone.values();
    }

    @Test
    void aFitAfterOneThatWasStoppedIsThatOfANewTrainer() {
        var trainer = trainer(1, inTheFirstWindow(run -> run.stop("enough")));
        var second = new Slope();

        var _ = trainer.fit(new Slope(), data());
        var _ = trainer.fit(second, data());

        assertEquals(fittedAlone(), second.values());
    }

    @Test
    void aFitAfterOneThatFailedIsThatOfANewTrainer() {
        var trainer =
                trainer(
                        1,
                        inTheFirstWindow(run -> {
                            throw new IllegalStateException("on purpose");
                        }));
        var second = new Slope();

        assertThrows(IllegalStateException.class, () -> trainer.fit(new Slope(), data()));
        var _ = trainer.fit(second, data());

        assertEquals(fittedAlone(), second.values());
    }

    @Test
    void whatAWindowHoldsIsDroppedByAStopInTheMiddleOfIt() {
        var stopped = new Slope();
        var untrained = new Slope();
        var _ = trainer(0).fit(untrained, data());

        var result = trainer(1, inTheFirstWindow(run -> run.stop("enough"))).fit(stopped, data());

        assertEquals(0, result.globalStep());
        assertEquals(untrained.values(), stopped.values());
    }

    @Test
    void whatAWindowHoldsIsDroppedByAnEndOfItsEpochInTheMiddleOfIt() {
        var cut = new Slope();
        var untrained = new Slope();
        var _ = trainer(0).fit(untrained, data());

        var result = trainer(1, inTheFirstWindow(run -> run.endEpoch("enough"))).fit(cut, data());

        assertEquals(0, result.globalStep());
        assertEquals(untrained.values(), cut.values());
    }

    @Test
    void anEpochAfterOneThatWasCutBeginsAWindowOfItsOwn() {
        var module = new Slope();

        var result =
                trainer(2, inTheFirstWindow(run -> run.endEpoch("enough"))).fit(module, data());

        assertEquals(2, result.globalStep());
        assertEquals(fittedAlone(), module.values());
    }
}
