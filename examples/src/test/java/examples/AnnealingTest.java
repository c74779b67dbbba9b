package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import examples.AnnealingLoops.NewBest;
import examples.AnnealingLoops.Restarts;
import examples.AnnealingLoops.Search;
import loops.api.Listeners;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.api.Subscription;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The options and the output of `loops run annealing`, and that its loops can be cut anywhere.
class AnnealingTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 33, 1500, 3200})
    void aRunThatIsLeftAndGoneOnWithPrintsTheSameLines(int point) {
        var undisturbed = CommandLineRun.of("run", "annealing");

        var resumed = CommandLineRun.of("run", "annealing", "--stop-after=" + point);

        String left = "left at safe point " + point + ", going on in new loops\n";
        assertTrue(resumed.out().contains(left), resumed.out());
        assertEquals(undisturbed.out(), resumed.out().replace(left, ""));
    }

    @Test
    void aRunThatEndsBeforeTheSafePointIsNotLeft() {
        assertEquals(
                CommandLineRun.of("run", "annealing"),
                CommandLineRun.of("run", "annealing", "--stop-after=1000000"));
    }

    @Test
    void aBadSafePointTakesOneLine() {
        assertEquals(
                new CommandLineRun(
                        2, "", "--stop-after: is '0'; use a whole number from 1 to 2147483647\n"),
                CommandLineRun.of("run", "annealing", "--stop-after=0"));
    }

    @Test
    void itsLoopsCanBeCutAnywhere() {
        int cuts =
                ResumeCheck.cuts(
                        40,
                        () -> {
                            var heard = new Heard();
                            return new Scenario<>(
                                    new Restarts(), new Search(10, 1, heard.listeners), heard);
                        });

        assertEquals(40, cuts);
    }

    /// Adds up what the hook told.
    private static final class Heard implements Stateful {
        private double sum;
        private final Listeners listeners =
                Listeners.of(
                        Subscription.to(NewBest.class, best -> sum += best.restart() * best.x()));

        @Override
        public Fields stateDict() {
            return Fields.empty().with("sum", sum);
        }

        @Override
        public void loadStateDict(Fields state) {
            sum = state.real("sum");
        }
    }
}
