package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// A step of nested loops leaves no garbage of its own.
class GarbageTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Far less than one object a step; a run of a root has two of its own, and the compiler at work a few.
    private static final long BYTES_OF_A_RUN = 8_192;

    @Test
    void stepsOfNestedLoopsAllocateNothing() {
        var tree = new Sweeps(new Sweeps(new Moves()));
        var work = new Work();
        tree.run(work.of(3));

        long bytes = bytesOf(tree, work.of(100));

        assertEquals(2 * (100 + 100 * 100) + 100 * 100 * 5, work.moves);
        assertTrue(bytes < BYTES_OF_A_RUN, () -> bytes + " bytes in 60,100 steps");
    }

    private static long bytesOf(Loop<Work, Void> tree, Work work) {
        work.moves = 0;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        tree.run(work);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /// What the loops work on: plain numbers.
    private static final class Work implements Runnable {
        private int sweeps = 3;
        private long moves;
        private final Listeners listeners =
                Listeners.of(Subscription.to(Work.class, work -> work.moves++));

        @Override
        public void run() {
            moves++;
        }

        Work of(int count) {
            sweeps = count;
            return this;
        }
    }

    /// A loop with a child, all kinds of parts, and effects before and after the child.
    private static final class Sweeps extends Loop<Work, Void> {
        private final LongCell sweep = longCell("sweep", 0);
        private final Progress progress = progress("progress");
        private final Hook<Work> swept = hook("swept", Work.class);
        private final Slot<Work, Void> below;

        Sweeps(Loop<Work, Void> below) {
            this.below = slot("below", below);
        }

        @Override
        protected void reset(Work work) {
            sweep.set(0);
            progress.resetCurrent();
        }

        @Override
        protected boolean done(Work work) {
            return sweep.get() >= work.sweeps;
        }

        @Override
        protected void onAdvanceStart(Work work) {
            progress.increment(Stage.READY);
        }

        @Override
        protected void advance(Work work) {
            once("note", work);
            below.run(work);
            sweep.increment();
            progress.increment(Stage.PROCESSED);
            swept.fire(work.listeners, work);
        }

        @Override
        protected void onAdvanceEnd(Work work) {
            progress.increment(Stage.COMPLETED);
        }
    }

    private static final class Moves extends Loop<Work, Void> {
        private final LongCell move = longCell("move", 0);
        private final Derived<Object> table = derived("table");

        @Override
        protected void reset(Work work) {
            move.set(0);
        }

        @Override
        protected boolean done(Work work) {
            return move.get() == 5;
        }

        @Override
        protected void advance(Work work) {
            table.get(Moves::nothing);
            work.moves++;
            move.increment();
        }

        private static Object nothing() {
            return Moves.class;
        }
    }
}
