package loops.recipes;

import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.api.TensorContext;

/// A step on a virtual thread of its own, which stands still at each yield while the loop's thread makes the turn. Only one of
/// the two runs at a time.
final class Generator implements Yields {
    private final Yields turns;
    private final Thread thread;
    private final Semaphore go = new Semaphore(0);
    private final Semaphore pause = new Semaphore(0);

    // Passed between the threads, by whoever is about to stand still.
    private @Nullable Runnable turn;
    private @Nullable Throwable ofTurn;
    private @Nullable Throwable ofStep;

    /// @param step the step
    /// @param turns makes the turns
    Generator(Consumer<Yields> step, Yields turns) {
        this.turns = turns;
        var context = TensorContext.current();
        thread =
                Thread.ofVirtual()
                        .name("yielding step")
                        .unstarted(() -> {
                            try {
                                context.run(() -> step.accept(this));
                            } catch (Throwable thrown) {
                                ofStep = thrown;
                            } finally {
                                pause.release();
                            }
                        });
    }

    // ---- on the loop's thread

    /// Runs the step to its end.
    void run() {
        thread.start();
        for (var next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (Throwable thrown) {
                ofTurn = thrown;
            }
            go.release();
        }
        if (ofStep != null) {
            throw Thrown.again(ofStep);
        }
    }

    /// {@return the turn that the step has come to; `null` at its end} Who interrupts this thread meanwhile interrupts the
    /// step.
    private @Nullable Runnable next() {
        boolean interrupted = false;
        while (true) {
            try {
                pause.acquire();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        var next = turn;
        turn = null;
        return next;
    }

    // ---- on the step's thread

    @Override
    public void yield(int optimizer, Tensor loss) {
        stand(() -> turns.yield(optimizer, loss));
    }

    @Override
    public void leaveOut(int optimizer) {
        stand(() -> turns.leaveOut(optimizer));
    }

    @Override
    public boolean hasTurn(int optimizer) {
        requireInside();
        return turns.hasTurn(optimizer);
    }

    /// Stands still while the loop makes a turn.
    private void stand(Runnable wanted) {
        requireInside();
        turn = wanted;
        pause.release();
        go.acquireUninterruptibly();
        var thrown = ofTurn;
        if (thrown != null) {
            ofTurn = null;
            throw Thrown.again(thrown);
        }
    }

    /// On another thread nobody would go on; the own one ends with the step.
    private void requireInside() {
        if (!Thread.currentThread().equals(thread)) {
            throw YieldedTurns.outside();
        }
    }
}
