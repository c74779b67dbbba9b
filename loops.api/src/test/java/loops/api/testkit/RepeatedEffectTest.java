package loops.api.testkit;

import static loops.api.testkit.Faults.found;
import static loops.api.testkit.Faults.refused;

import loops.api.Held;
import loops.api.Progress;
import loops.api.Stage;
import org.junit.jupiter.api.Test;

/// An effect that a resumed run repeats, or a way that it does not find again, is found, with a message that names the place.
class RepeatedEffectTest {
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

    /// The first tick asks for a stop.
    private static final class StoppingTicks extends Rounds.Ticks {
        @Override
        protected void advance(Rounds.Tick tick) {
            super.advance(tick);
            tick.notes().stop.request("enough");
        }
    }
}
