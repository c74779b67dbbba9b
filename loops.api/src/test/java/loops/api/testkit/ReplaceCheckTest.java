package loops.api.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.Slot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Each fault that breaks the law of replacing is found, with a message that names the slot.
class ReplaceCheckTest {

    @Test
    void everySlotOfTheTreeIsTried() {
        int slots = ReplaceCheck.everySlot(of(() -> new Twofold(new Rounds(), new Rounds())));

        assertEquals(4, slots);
    }

    @Test
    void aLoopWithoutChildrenHasNothingToTry() {
        assertEquals(
                0,
                ReplaceCheck.everySlot(() -> {
                    var tick = new Rounds.Tick(new Notes(), 0);
                    return new Scenario<>(new Rounds.Ticks(), tick, tick.notes());
                }));
    }

    // ---- loops that are not transparent to what stands around their children

    @Test
    void aLoopThatLooksAtTheTypeOfItsChildIsFound() {
        found(
                "ReplaceCheck: with PassThrough around the loop in slot 'ticks', at the end: world.count differs: undisturbed 6, here 4",
                () ->
                        new Rounds() {
                            @Override
                            protected void onAdvanceEnd(Notes notes) {
                                if (ticks.get() instanceof Ticks) {
                                    notes.add("end hook");
                                }
                            }
                        });
    }

    @Test
    void aLoopThatReachesIntoItsChildIsFound() {
        found(
                "ReplaceCheck: with PassThrough around the loop in slot 'ticks': threw java.lang.IllegalStateException: Slot 'ticks': holds a loops.api.testkit.PassThrough, asked for a loops.api.testkit.Rounds$Ticks; use get(), or the type that you put there, in loop 'Rounds', onAdvanceEnd",
                () ->
                        new Rounds() {
                            @Override
                            protected void onAdvanceEnd(Notes notes) {
                                notes.add("done " + ticks.get(Ticks.class).done.get());
                            }
                        });
    }

    @Test
    void aLoopThatUsesItsPathIsFound() {
        found(
                "ReplaceCheck: with PassThrough around the loop in slot 'ticks', at the end: world.last differs: undisturbed \"ticks\", here \"ticks.inner\"",
                () ->
                        new Rounds(
                                new Rounds.Ticks() {
                                    @Override
                                    protected void advance(Rounds.Tick tick) {
                                        super.advance(tick);
                                        tick.notes().add(path());
                                    }
                                }));
    }

    @Test
    void objectsThatAreNotMadeEqualAreFound() {
        var made = new AtomicInteger();

        found(
                "the objects are not made equal each time: in a second undisturbed run, at safe point 9 ('root'): loops.run.output differs: undisturbed [1], here [2]",
                () -> {
                    long answer = made.incrementAndGet();
                    return new Rounds() {
                        @Override
                        protected Long onRunEnd(Notes notes) {
                            return answer;
                        }
                    };
                });
    }

    // ---- loops around others that are not transparent

    @Test
    void aLoopAroundThatRepeatsItsChildIsFound() {
        found(
                "ReplaceCheck: with Twice around the loop in slot 'ticks', at the end: world.count differs: undisturbed 6, here 10",
                Twice::new);
    }

    @Test
    void aLoopAroundThatLeavesItsChildOutIsFound() {
        found(
                "ReplaceCheck: with LeavesOut around the loop in slot 'ticks', at the end: world.count differs: undisturbed 6, here 2",
                LeavesOut::new);
    }

    @Test
    void aLoopAroundThatLosesTheOutputIsFound() {
        found(
                "ReplaceCheck: with Loses around the loop in slot 'ticks', at the end: world.last differs: undisturbed \"got 2\", here \"got null\"",
                Loses::new);
    }

    @Test
    void aLoopAroundThatGivesTheOutputOfTheRunBeforeIsFound() {
        found(
                "ReplaceCheck: with Late around the loop in slot 'ticks', at the end: world.all differs: undisturbed \"tick 0; tick 1; got 2; tick 0; tick 1; got 2; \", here \"tick 0; tick 1; got null; tick 0; tick 1; got 2; \"",
                Late::new);
    }

    @Test
    void aLoopAroundThatResetsItsChildIsFound() {
        found(
                "ReplaceCheck: with Interrupts around the loop in slot 'ticks', at the end: loops.ticks.done differs: undisturbed 2, here 0",
                Interrupts::new);
    }

    @Test
    void aLoopInsteadOfOneAroundIsFound() {
        found(
                "ReplaceCheck: with Instead around the loop in slot 'ticks': it has no slot that holds the loop inside",
                Instead::new);
    }

    /// A loop around another one; what is wrong stands in the subclass.
    private abstract static class Wrapper<I, O extends @Nullable Object> extends Loop<I, O> {
        final Slot<I, O> inside;

        Wrapper(Loop<I, O> inner) {
            inside = slot("inside", inner);
        }

        @Override
        protected boolean done(I input) {
            return true;
        }

        @Override
        protected void advance(I input) {}

        @Override
        protected Optional<Codec<O>> outputCodec() {
            return inside.outputCodec();
        }
    }

    private static final class Twice<I, O extends @Nullable Object> extends Wrapper<I, O> {
        Twice(Loop<I, O> inner) {
            super(inner);
        }

        @Override
        protected O onRunEnd(I input) {
            inside.run(input);
            return inside.run(input);
        }
    }

    private static final class LeavesOut<I, O extends @Nullable Object> extends Wrapper<I, O> {
        LeavesOut(Loop<I, O> inner) {
            super(inner);
        }
    }

    private static final class Loses<I, O extends @Nullable Object> extends Wrapper<I, O> {
        Loses(Loop<I, O> inner) {
            super(inner);
        }

        @Override
        protected void onRunStart(I input) {
            inside.run(input);
        }
    }

    private static final class Late<I, O extends @Nullable Object> extends Wrapper<I, O> {
        private @Nullable O before;

        Late(Loop<I, O> inner) {
            super(inner);
        }

        @Override
        @SuppressWarnings("NullAway") // the first run gives null
        protected O onRunEnd(I input) {
            O output = before;
            before = inside.run(input);
            return output;
        }
    }

    private static final class Interrupts<I, O extends @Nullable Object> extends Wrapper<I, O> {
        Interrupts(Loop<I, O> inner) {
            super(inner);
        }

        @Override
        protected O onRunEnd(I input) {
            var before = inside.get().stateDict();
            O output = inside.run(input);
            inside.get().loadStateDict(before);
            return output;
        }
    }

    private static final class Instead<I, O extends @Nullable Object> extends Loop<I, O> {
        Instead(Loop<I, O> ignored) {}

        @Override
        protected boolean done(I input) {
            return true;
        }

        @Override
        protected void advance(I input) {}
    }

    /// A loop with two children, one after the other, which must give what they should.
    private static final class Twofold extends Loop<Notes, Long> {
        private final Slot<Notes, Long> first;
        private final Slot<Notes, Long> second;

        Twofold(Loop<Notes, Long> first, Loop<Notes, Long> second) {
            this.first = slot("first", first);
            this.second = slot("dotted.second", second);
        }

        @Override
        protected boolean done(Notes notes) {
            return true;
        }

        @Override
        protected void advance(Notes notes) {}

        @Override
        protected Long onRunEnd(Notes notes) {
            return first.run(notes) + second.run(notes);
        }
    }

    private static <L extends Loop<Notes, Long>> Supplier<Scenario<Notes, Long>> of(
            Supplier<L> loop) {
        return () -> {
            var notes = new Notes();
            return new Scenario<>(loop.get(), notes, notes);
        };
    }

    private static <L extends Loop<Notes, Long>> void found(String message, Supplier<L> loop) {
        var error = assertThrows(AssertionError.class, () -> ReplaceCheck.everySlot(of(loop)));

        assertEquals(message, error.getMessage());
    }

    private static void found(String message, ReplaceCheck.Around around) {
        var error =
                assertThrows(
                        AssertionError.class,
                        () ->
                                ReplaceCheck.everySlot(
                                        around,
                                        of(() ->
                                                new Rounds() {
                                                    @Override
                                                    protected void onAdvanceEnd(Notes notes) {
                                                        var output = ticks.run(new Tick(notes, 1));
                                                        notes.add("got " + output);
                                                    }

                                                    @Override
                                                    protected void advance(Notes notes) {
                                                        rounds.set(rounds.get() + 1);
                                                    }
                                                })));

        assertEquals(message, error.getMessage());
    }
}
