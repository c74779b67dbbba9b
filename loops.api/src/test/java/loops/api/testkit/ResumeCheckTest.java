package loops.api.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Derived;
import loops.api.Held;
import loops.api.Loop;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.Progress;
import loops.api.Stage;
import loops.api.Stateful;
import org.junit.jupiter.api.Test;

/// Each fault that breaks the law of resuming is found, with a message that names the place.
class ResumeCheckTest {

    // ---- what keeps the law

    @Test
    void aLoopThatKeepsTheRulesIsCutAtEverySafePoint() {
        int cuts = ResumeCheck.everyCut(of(Rounds::new));

        // Before each of 2 rounds and after them, in each round before each of 2 ticks and after
        // them, and the end.
        assertEquals(3 + 2 * 3 + 1, cuts);
    }

    @Test
    void fewerCutsAreSpreadEvenly() {
        assertEquals(4, ResumeCheck.cuts(4, of(Rounds::new)));
        assertEquals(10, ResumeCheck.cuts(1000, of(Rounds::new)));
    }

    @Test
    void lessThanTwoCutsAreRefused() {
        var error =
                assertThrows(
                        IllegalArgumentException.class, () -> ResumeCheck.cuts(1, of(Rounds::new)));

        assertEquals("ResumeCheck: atMost is 1; use a number from 2", error.getMessage());
    }

    @Test
    void aRunThatIsLeftOutHasNoSafePoints() {
        int cuts =
                ResumeCheck.everyCut(
                        of(() ->
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

    // ---- a value that is left out of the state

    @Test
    void anUndeclaredFieldIsFound() {
        found(
                "ResumeCheck: resumed at safe point 4 ('root'), at safe point 8 ('root'): world.last differs: undisturbed \"sum 6\", here \"sum 3\"",
                () ->
                        new Rounds() {
                            private int sum;

                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                sum += 3;
                                notes.add("sum " + sum);
                            }
                        });
    }

    @Test
    void aPlaceThatIsSetInResetAloneIsFound() {
        found(
                "ResumeCheck: resumed at safe point 0 ('root'), at safe point 9 ('root'): loops.run.output differs: undisturbed [7], here [-19]",
                () ->
                        new Rounds() {
                            private int left = -17;

                            @Override
                            protected void reset(Notes notes) {
                                left = 9;
                            }

                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                left--;
                            }

                            @Override
                            protected Long onRunEnd(Notes notes) {
                                return (long) left;
                            }
                        });
    }

    @Test
    void aRepeatedBatchIsFound() {
        found(
                "ResumeCheck: resumed at safe point 4 ('root'), at safe point 8 ('root'): world.last differs: undisturbed \"batch 1\", here \"batch 0\"",
                () ->
                        new Rounds() {
                            private final AtomicInteger position = new AtomicInteger();

                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                notes.add("batch " + position.getAndIncrement());
                            }
                        });
    }

    @Test
    void aHookPutOffToTheNextStepIsFound() {
        found(
                "ResumeCheck: resumed at safe point 1 ('ticks'), at safe point 5 ('ticks'): world.count differs: undisturbed 5, here 4",
                () ->
                        new Rounds() {
                            private boolean endHookIsDue;

                            @Override
                            protected void onAdvanceStart(Notes notes) {
                                if (endHookIsDue) {
                                    notes.add("end of round");
                                }
                                notes.add("start of round");
                                endHookIsDue = true;
                            }
                        });
    }

    @Test
    void aDerivedObjectThatRemembersIsFound() {
        found(
                "ResumeCheck: resumed at safe point 4 ('root'), at safe point 8 ('root'): world.last differs: undisturbed \"call 2\", here \"call 1\"",
                () ->
                        new Rounds() {
                            private final Derived<AtomicInteger> calls = derived("calls");

                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                notes.add(
                                        "call " + calls.get(AtomicInteger::new).incrementAndGet());
                            }
                        });
    }

    @Test
    void aStopRequestThatIsNotInTheStateIsFound() {
        found(
                "ResumeCheck: resumed at safe point 4 ('root'), just loaded: world.stop.reason differs: undisturbed \"enough\", here nothing",
                () ->
                        new Rounds() {
                            @Override
                            protected boolean done(Notes notes) {
                                return super.done(notes) || notes.stop.requested();
                            }

                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                notes.stop.request("enough");
                            }
                        },
                () ->
                        new Notes() {
                            @Override
                            public Fields stateDict() {
                                return super.stateDict(); // as it should be
                            }

                            @Override
                            public void loadStateDict(Fields state) {
                                super.loadStateDict(state);
                                stop.clear();
                            }
                        });
    }

    @Test
    void aWorldThatForgetsTheStopRequestBothWaysIsFound() {
        found(
                "ResumeCheck: resumed at safe point 4 ('root'), at safe point 5 ('root'): loops.run.phase differs: undisturbed \"ended\", here \"advance\"",
                () ->
                        new Rounds() {
                            @Override
                            protected boolean done(Notes notes) {
                                return super.done(notes) || notes.stop.requested();
                            }

                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                notes.stop.request("enough");
                            }
                        },
                () ->
                        new Notes() {
                            @Override
                            public Fields stateDict() {
                                return without("stop", super.stateDict());
                            }

                            @Override
                            public void loadStateDict(Fields state) {
                                super.loadStateDict(state.with("stop", Fields.empty()));
                            }
                        });
    }

    @Test
    void aRandomStateThatIsNotSavedIsFound() {
        found(
                "ResumeCheck: resumed at safe point 4 ('root'), at safe point 8 ('root'): world.last differs: undisturbed \"drew 833\", here \"drew 222\"",
                () ->
                        new Rounds() {
                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                notes.add("drew " + notes.draw());
                            }
                        },
                () ->
                        new Notes() {
                            @Override
                            public Fields stateDict() {
                                return without("random", super.stateDict());
                            }

                            @Override
                            public void loadStateDict(Fields state) {
                                super.loadStateDict(state.with("random", 7));
                            }
                        });
    }

    @Test
    void aCodecThatLosesDigitsIsFound() {
        var rounding =
                Codec.<Double>of(
                        "a number",
                        value -> new LoopState.Num(Math.round(value)),
                        state -> (double) ((LoopState.Num) state).value());

        found(
                "ResumeCheck: resumed at safe point 4 ('root'), at safe point 8 ('root'): world.last differs: undisturbed \"sum 0.6\", here \"sum 0.3\"",
                () ->
                        new Rounds() {
                            private final Cell<Double> sum = cell("sum", rounding, 0.0);

                            @Override
                            protected void advance(Notes notes) {
                                super.advance(notes);
                                sum.set(sum.get() + 0.3);
                                notes.add("sum " + sum.get());
                            }
                        });
    }

    // ---- an effect that is repeated

    @Test
    void anEventBeforeAChildIsFound() {
        found(
                "ResumeCheck: resumed at safe point 1 ('ticks'), at safe point 2 ('ticks'): world.count differs: undisturbed 2, here 3",
                () ->
                        new Rounds() {
                            @Override
                            protected void advance(Notes notes) {
                                notes.add("round begins");
                                super.advance(notes);
                            }
                        });
    }

    @Test
    void aNumberDrawnBeforeAChildIsFound() {
        found(
                "ResumeCheck: resumed at safe point 1 ('ticks'), at safe point 2 ('ticks'): world.random differs: undisturbed 222, here 833",
                () ->
                        new Rounds() {
                            @Override
                            protected void advance(Notes notes) {
                                long drawn = notes.draw();
                                super.advance(notes);
                                notes.add("drew " + drawn);
                            }
                        });
    }

    @Test
    void aHeldObjectChangedBeforeAChildIsFound() {
        found(
                "ResumeCheck: resumed at safe point 1 ('ticks'), at safe point 2 ('ticks'): loops.fold.state.count differs: undisturbed 1, here 2",
                () ->
                        new Rounds() {
                            private final Held<Notes> fold = held("fold");

                            @Override
                            protected void advance(Notes notes) {
                                fold.get(Notes::new).add("step");
                                super.advance(notes);
                            }
                        });
    }

    @Test
    void aNumberDrawnInOnResumeIsFound() {
        found(
                "ResumeCheck: resumed at safe point 0 ('root'), at safe point 1 ('ticks'): world.random differs: undisturbed 7, here 222",
                () ->
                        new Rounds() {
                            @Override
                            protected void onResume(Notes notes) {
                                notes.draw();
                            }
                        });
    }

    @Test
    void aStartHookFiredAgainInOnResumeIsFound() {
        found(
                "ResumeCheck: resumed at safe point 0 ('root'), at safe point 1 ('ticks'): world.count differs: undisturbed 1, here 2",
                () ->
                        new Rounds() {
                            @Override
                            protected void onRunStart(Notes notes) {
                                notes.add("start");
                            }

                            @Override
                            protected void onResume(Notes notes) {
                                onRunStart(notes);
                            }
                        });
    }

    // ---- a path that changes on replay

    @Test
    void aBranchThatChangedIsFound() {
        found(
                "ResumeCheck: resumed at safe point 2 ('ticks'): threw java.lang.IllegalStateException: Rounds: the saved run had called [ticks] in advance, this one only []; what is decided before a child must not change with it, in loop 'Rounds', advance",
                () ->
                        new Rounds(new StoppingTicks()) {
                            @Override
                            protected void advance(Notes notes) {
                                if (!notes.stop.requested()) {
                                    tick(notes);
                                }
                                rounds.set(rounds.get() + 1);
                            }
                        });
    }

    @Test
    void aOnceUnderAConditionThatChangedIsFound() {
        found(
                "ResumeCheck: resumed at safe point 2 ('ticks'): threw java.lang.IllegalStateException: Rounds: the saved run had called 'announce' here in advance, this one calls 'ticks'; what is decided before a child must not change with it, in loop 'Rounds', advance",
                () ->
                        new Rounds(new StoppingTicks()) {
                            @Override
                            protected void advance(Notes notes) {
                                if (!notes.stop.requested()) {
                                    once("announce", () -> notes.add("go on"));
                                }
                                super.advance(notes);
                            }
                        });
    }

    @Test
    void anInputMadeOfLiveStateIsFound() {
        found(
                "ResumeCheck: resumed at safe point 4 ('root'), at safe point 5 ('ticks'): loops.ticks.run.input.batch differs: undisturbed 1, here 0",
                () ->
                        new Rounds() {
                            private int next;

                            @Override
                            protected void advance(Notes notes) {
                                ticks.run(new Tick(notes, next++));
                                rounds.set(rounds.get() + 1);
                            }
                        });
    }

    // ---- what the first run finds, without any cut

    @Test
    void aCellChangedBeforeAChildIsRefused() {
        refused(
                "Rounds: 'rounds' was changed before child 'ticks' in advance, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child",
                () ->
                        new Rounds() {
                            @Override
                            protected void advance(Notes notes) {
                                rounds.set(rounds.get() + 1);
                                tick(notes);
                            }
                        });
    }

    @Test
    void aProgressCountedBeforeAChildIsRefused() {
        refused(
                "Rounds: 'round_progress' was changed before child 'ticks' in advance, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child",
                () ->
                        new Rounds() {
                            private final Progress progress = progress("round_progress");

                            @Override
                            protected void advance(Notes notes) {
                                progress.increment(Stage.READY);
                                super.advance(notes);
                            }
                        });
    }

    @Test
    void aCellReadThenChangedInOnceBeforeAChildIsRefused() {
        refused(
                "Rounds: 'rounds' was read and then changed before child 'ticks' in advance, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child",
                () ->
                        new Rounds() {
                            @Override
                            protected void advance(Notes notes) {
                                int now = rounds.get();
                                once("count", () -> rounds.set(now + 1));
                                tick(notes);
                            }
                        });
    }

    @Test
    void aHeldObjectUsedAndLetGoBeforeAChildIsRefused() {
        refused(
                "Rounds: 'fold' was read and then changed before child 'ticks' in advance, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child",
                () ->
                        new Rounds() {
                            private final Held<Notes> fold = held("fold");

                            @Override
                            protected void advance(Notes notes) {
                                fold.get(Notes::new);
                                once("next fold", fold::clear);
                                super.advance(notes);
                            }
                        });
    }

    @Test
    void anOutputThatCannotBeSavedBeforeAChildIsRefused() {
        refused(
                "Rounds: child 'ticks' in advance after 'ticks', whose output cannot be saved; give that loop an outputCodec()",
                () ->
                        new Rounds(new Rounds.UnsavedTicks()) {
                            @Override
                            protected void advance(Notes notes) {
                                tick(notes);
                                super.advance(notes);
                            }
                        });
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

    /// The first tick asks for a stop.
    private static final class StoppingTicks extends Rounds.Ticks {
        @Override
        protected void advance(Rounds.Tick tick) {
            super.advance(tick);
            tick.notes().stop.request("enough");
        }
    }

    private static Fields without(String name, Fields state) {
        var rest = Fields.empty();
        for (var entry : state.entries().entrySet()) {
            if (!entry.getKey().equals(name)) {
                rest = rest.with(entry.getKey(), entry.getValue());
            }
        }
        return rest;
    }

    private static <L extends Loop<Notes, Long>> Supplier<Scenario<Notes, Long>> of(
            Supplier<L> loop) {
        return of(loop, Notes::new);
    }

    private static <L extends Loop<Notes, Long>> Supplier<Scenario<Notes, Long>> of(
            Supplier<L> loop, Supplier<Notes> world) {
        return () -> {
            var notes = world.get();
            return new Scenario<>(loop.get(), notes, (Stateful) notes);
        };
    }

    private static <L extends Loop<Notes, Long>> void found(String message, Supplier<L> loop) {
        found(message, loop, Notes::new);
    }

    private static <L extends Loop<Notes, Long>> void found(
            String message, Supplier<L> loop, Supplier<Notes> world) {
        var error = assertThrows(AssertionError.class, () -> ResumeCheck.everyCut(of(loop, world)));

        assertEquals(message, error.getMessage());
    }

    private static <L extends Loop<Notes, Long>> void refused(String message, Supplier<L> loop) {
        var error = assertThrows(IllegalStateException.class, () -> ResumeCheck.everyCut(of(loop)));

        assertEquals(message, error.getMessage());
    }
}
