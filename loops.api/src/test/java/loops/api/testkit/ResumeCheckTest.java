package loops.api.testkit;

import static loops.api.testkit.Faults.found;
import static loops.api.testkit.Faults.scenarios;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What keeps the law of resuming passes, and what is wrong with the test itself is told.
class ResumeCheckTest {
    @Test
    void aLoopThatKeepsTheRulesIsCutAtEverySafePoint() {
        int cuts = ResumeCheck.everyCut(scenarios(Rounds::new));

        // Before each of 2 rounds and after them, in each round before each of 2 ticks and after
        // them, and the end.
        assertEquals(3 + 2 * 3 + 1, cuts);
    }

    @Test
    void fewerCutsAreSpreadEvenly() {
        assertEquals(4, ResumeCheck.cuts(4, scenarios(Rounds::new)));
        assertEquals(10, ResumeCheck.cuts(1000, scenarios(Rounds::new)));
    }

    @Test
    void lessThanTwoCutsAreRefused() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ResumeCheck.cuts(1, scenarios(Rounds::new)));

        assertEquals("ResumeCheck: atMost is 1; use a number from 2", error.getMessage());
    }

    @Test
    void aRunThatIsLeftOutHasNoSafePoints() {
        int cuts =
                ResumeCheck.everyCut(
                        scenarios(() ->
                                new Rounds() {
                                    @Override
                                    protected boolean skip(Notes notes) {
                                        return true;
                                    }

                                    @Override
                                    protected Long onSkip(Notes notes) {
                                        return 0L;
                                    }
                                }));

        assertEquals(0, cuts);
    }

    // ---- what is wrong with the test itself

    @Test
    void objectsThatAreNotMadeEqualAreFound() {
        var made = new AtomicInteger();

        found(
                "the objects are not made equal each time: in a second undisturbed run, at safe point 4 ('root'): world.last differs: undisturbed \"seed 1\", here \"seed 2\"",
                () -> {
                    long seed = made.incrementAndGet();
                    return new Rounds() {
                        @Override
                        protected void advance(Notes notes) {
                            super.advance(notes);
                            notes.add("seed " + seed);
                        }
                    };
                });
    }

    @Test
    void anExceptionOfAResumedRunNamesItsLoop() {
        found(
                "ResumeCheck: resumed at safe point 0 ('root'): threw java.lang.StringIndexOutOfBoundsException: Range [0, 6) out of bounds for length 0, in loop 'Rounds', advance",
                () ->
                        new Rounds() {
                            private String prefix = "";

                            @Override
                            protected void reset(Notes notes) {
                                prefix = "round ";
                            }

                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                notes.add(prefix.substring(0, 6) + rounds.get());
                            }
                        });
    }
}
