package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import loops.api.LoopState.Fields;
import org.junit.jupiter.api.Test;

/// What the parts of a tree hold can be looked at whenever one likes.
class ValuesTest {
    private final Epoch epoch = new Epoch(new Batches());

    @Test
    void betweenTwoRunsTheValuesAreTheState() {
        epoch.run(new ArrayList<>());

        assertEquals(epoch.stateDict(), epoch.values());
    }

    @Test
    void inTheMiddleOfAStepTheValuesOfAllLoopsAreThere() {
        var seen = new ArrayList<Fields>();

        epoch.run(seen);

        assertEquals(
                "{fold={state={value=7}}, batch_loop={batch=0, batch_progress={total={ready=1, completed=0}, current={ready=1, completed=0}}}}",
                seen.getFirst().toString());
    }

    @Test
    void afterAnExceptionTheValuesTellHowFarTheRunCame() {
        var batches = epoch.slots().getFirst().get();

        assertThrows(UnsupportedOperationException.class, () -> epoch.run(new Failing()));

        assertThrows(IllegalStateException.class, epoch::stateDict);
        assertEquals(
                "{batch=1, batch_progress={total={ready=2, completed=1}, current={ready=2, completed=1}}}",
                batches.values().toString());
        assertEquals(batches.values(), epoch.values().get("batch_loop"));
    }

    @Test
    void lookingChangesNothing() {
        var looked = new Epoch(new Batches());
        epoch.run(new ArrayList<>(), _ -> {});
        looked.run(new ArrayList<>(), _ -> looked.values());

        assertEquals(epoch.stateDict(), looked.stateDict());
    }

    @Test
    void lookingIsNotReadingSoTheRulesOfReplayAreKept() {
        var loop =
                new Epoch(new Batches()) {
                    @Override
                    protected void onRunStart(List<Fields> seen) {
                        values();
                        once("let go", fold::clear);
                        batch.run(seen);
                    }
                };

        loop.run(new ArrayList<>());

        assertEquals(
                2,
                loop.values()
                        .fields("batch_loop")
                        .fields("batch_progress")
                        .fields("total")
                        .num("completed"));
    }

    /// Has a second version of its state.
    private static final class Second extends Loop<List<Fields>, Void> {
        private final LongCell count = longCell("count", 0);

        @Override
        protected boolean done(List<Fields> seen) {
            return count.get() == 3;
        }

        @Override
        protected void advance(List<Fields> seen) {
            count.increment();
            seen.add(values());
        }

        @Override
        protected int stateVersion() {
            return 2;
        }
    }

    @Test
    void valuesThatAreLoadedPutBackThePartsOutsideOfAnyRun() {
        var loop = new Second();
        assertThrows(UnsupportedOperationException.class, () -> loop.run(new Failing()));
        assertThrows(IllegalStateException.class, loop::stateDict);
        var values = loop.values();
        loop.run(new ArrayList<>());

        loop.loadStateDict(values);

        assertEquals(2, loop.count.get());
        assertEquals(values, loop.stateDict());
        assertFalse(loop.restarting());
        var seen = new ArrayList<Fields>();
        loop.run(seen);
        assertEquals(1, seen.size());
    }

    /// Throws when the second batch is looked at.
    private static final class Failing extends ArrayList<Fields> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean add(Fields seen) {
            if (size() == 1) {
                throw new UnsupportedOperationException("no more");
            }
            return super.add(seen);
        }
    }

    private static class Epoch extends Loop<List<Fields>, Void> {
        final Held<SpecLoop.Box> fold = held("fold");
        final Slot<List<Fields>, Void> batch;

        Epoch(Batches batches) {
            batch = slot("batch_loop", batches);
            batches.top = this;
        }

        @Override
        protected boolean done(List<Fields> seen) {
            return !seen.isEmpty();
        }

        @Override
        protected void advance(List<Fields> seen) {
            fold.get(() -> new SpecLoop.Box(7));
            batch.run(seen);
        }
    }

    private static final class Batches extends Loop<List<Fields>, Void> {
        private final LongCell batch = longCell("batch", 0);
        private final Progress progress = progress("batch_progress", Progress.READY_COMPLETED);
        private Loop<?, ?> top = this;

        @Override
        protected void reset(List<Fields> seen) {
            batch.set(0);
            progress.resetCurrent();
        }

        @Override
        protected boolean done(List<Fields> seen) {
            return batch.get() == 2;
        }

        @Override
        protected void onAdvanceStart(List<Fields> seen) {
            progress.increment(Stage.READY);
        }

        @Override
        protected void advance(List<Fields> seen) {
            seen.add(top.values());
            batch.increment();
        }

        @Override
        protected void onAdvanceEnd(List<Fields> seen) {
            progress.increment(Stage.COMPLETED);
        }
    }
}
