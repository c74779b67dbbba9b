package loops.api.testkit;

import java.util.Optional;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;

/// Two rounds with a child of two ticks in each; what a test plants stands in the subclass.
class Rounds extends Loop<Notes, Long> {
    final Slot<Tick, Long> ticks;
    final Cell<Integer> rounds = cell("rounds", 0);

    Rounds() {
        this(new Ticks());
    }

    Rounds(Loop<Tick, Long> child) {
        ticks = slot("ticks", child);
    }

    long tick(Notes notes) {
        return ticks.run(new Tick(notes, 0));
    }

    @Override
    protected boolean done(Notes notes) {
        return rounds.get() == 2;
    }

    @Override
    protected void advance(Notes notes) {
        tick(notes);
        rounds.set(rounds.get() + 1);
    }

    @Override
    protected Long onRunEnd(Notes notes) {
        return 42L;
    }

    @Override
    protected Optional<Codec<Long>> outputCodec() {
        return Optional.of(Codec.LONG);
    }

    /// What the child works on.
    ///
    /// @param notes where it records what it does
    /// @param batch what must be the same after a resume
    record Tick(Notes notes, long batch) {}

    /// Two steps, each with a note.
    static class Ticks extends Loop<Tick, Long> {
        final Cell<Integer> done = cell("done", 0);

        @Override
        protected void reset(Tick tick) {
            done.set(0);
        }

        @Override
        protected boolean done(Tick tick) {
            return done.get() == 2;
        }

        @Override
        protected void advance(Tick tick) {
            tick.notes().add("tick " + done.get());
            done.set(done.get() + 1);
        }

        @Override
        protected Long onRunEnd(Tick tick) {
            return (long) done.get();
        }

        @Override
        protected Optional<Codec<Long>> outputCodec() {
            return Optional.of(Codec.LONG);
        }

        @Override
        protected Fields inputKey(Tick tick) {
            return Fields.empty().with("batch", tick.batch());
        }
    }

    /// The same, without a way to save the output.
    static final class UnsavedTicks extends Ticks {
        @Override
        protected Optional<Codec<Long>> outputCodec() {
            return Optional.empty();
        }
    }
}
