package loops.api.testkit;

import static loops.api.Call.calls;
import static loops.api.Call.each;
import static loops.api.Call.runs;
import static loops.api.Call.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import loops.api.Cell;
import loops.api.HookOrder;
import loops.api.Loop;
import loops.api.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookOrderCheckTest {
    private final Fit fit = new Fit(new Epoch());

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5})
    void aRunCallsTheHooksThatItsTreeSays(int epochs) {
        var called = new ArrayList<String>();

        fit.run(new Run(epochs, called));

        HookOrderCheck.follows(fit.explain(), called);
    }

    @Test
    void aRunThroughAnotherLoopCallsThemToo() {
        var called = new ArrayList<String>();
        fit.epoch.replace(PassThrough::new);

        fit.run(new Run(3, called));

        HookOrderCheck.follows(fit.explain(), called);
    }

    @Test
    void aHookTooManyIsNamed() {
        assertRefused(
                "HookOrderCheck: 'onEpochStart' is called after 'onEpochStart' (2 of 4); the tree Fit says one of [onBatch, onBest, onEpochEnd, onEpochSkipped]",
                "onTrainStart",
                "onEpochStart",
                "onEpochStart",
                "onTrainEnd");
    }

    @Test
    void theFirstHookMayBeWrong() {
        assertRefused(
                "HookOrderCheck: 'onTrainEnd' is called after nothing; the tree Fit says one of [onTrainStart]",
                "onTrainEnd");
    }

    @Test
    void anEndTooEarlyIsNamed() {
        assertRefused(
                "HookOrderCheck: the run ends after 'onTrainStart' (1 of 1); the tree Fit says one of [onEpochStart, onTrainEnd]",
                "onTrainStart");
    }

    @Test
    void aHookAfterTheEndIsNamed() {
        assertRefused(
                "HookOrderCheck: 'more' is called after 'onTrainEnd' (2 of 3); the tree Fit has ended there",
                "onTrainStart",
                "onTrainEnd",
                "more");
    }

    private void assertRefused(String message, String... called) {
        var error =
                assertThrows(
                        AssertionError.class,
                        () -> HookOrderCheck.follows(fit.explain(), List.of(called)));

        assertEquals(message, error.getMessage());
    }

    private record Run(int epochs, List<String> called) {}

    /// Calls `onBest` after every second epoch.
    private static final class Fit extends Loop<Run, Void> {
        private final Cell<Integer> done = cell("done", 0);
        private final Slot<Run, Void> epoch;

        Fit(Loop<Run, Void> epoch) {
            this.epoch = slot("epoch_loop", epoch);
        }

        @Override
        protected boolean done(Run run) {
            return done.get() == run.epochs;
        }

        @Override
        protected void onRunStart(Run run) {
            run.called.add("onTrainStart");
        }

        @Override
        protected void advance(Run run) {
            once("start", () -> run.called.add("onEpochStart"));
            epoch.run(run);
            done.set(done.get() + 1);
        }

        @Override
        protected void onAdvanceEnd(Run run) {
            if (done.get() % 2 == 0) {
                run.called.add("onBest");
            }
            run.called.add("onEpochEnd");
        }

        @Override
        protected Void onRunEnd(Run run) {
            run.called.add("onTrainEnd");
            return super.onRunEnd(run);
        }

        @Override
        protected HookOrder hookOrder() {
            return HookOrder.NONE
                    .onRunStart(calls("onTrainStart"))
                    .advance(calls("onEpochStart"), runs(epoch))
                    .onAdvanceEnd(
                            when("the epoch is the best", calls("onBest")), calls("onEpochEnd"))
                    .onRunEnd(calls("onTrainEnd"));
        }
    }

    /// Left out in the first epoch, then with as many batches as the hooks before it.
    private static final class Epoch extends Loop<Run, Void> {
        private final Cell<Integer> batches = cell("batches", 0);

        @Override
        protected boolean skip(Run run) {
            return run.called.size() < 3;
        }

        @Override
        protected Void onSkip(Run run) {
            run.called.add("onEpochSkipped");
            return super.onSkip(run);
        }

        @Override
        protected void reset(Run run) {
            batches.set(run.called.size());
        }

        @Override
        protected boolean done(Run run) {
            return batches.get() == 0;
        }

        @Override
        protected void advance(Run run) {
            run.called.add("onBatch");
            run.called.add("onBatch");
            batches.set(batches.get() - 1);
        }

        @Override
        protected HookOrder hookOrder() {
            return HookOrder.NONE
                    .onSkip(when("told", calls("onEpochSkipped")))
                    .advance(each("optimizer", calls("onBatch")));
        }
    }
}
