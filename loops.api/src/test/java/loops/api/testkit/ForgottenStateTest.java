package loops.api.testkit;

import static loops.api.testkit.Faults.found;

import java.util.concurrent.atomic.AtomicInteger;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Derived;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import org.junit.jupiter.api.Test;

/// A value that is left out of the state is found, with a message that names the place.
class ForgottenStateTest {
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
                "ResumeCheck: resumed at safe point 4 ('root'), just loaded: world.stop.requests differs: undisturbed [{by=\"\", reason=\"enough\"}], here nothing",
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

    private static Fields without(String name, Fields state) {
        var rest = Fields.empty();
        for (var entry : state.entries().entrySet()) {
            if (!entry.getKey().equals(name)) {
                rest = rest.with(entry.getKey(), entry.getValue());
            }
        }
        return rest;
    }
}
