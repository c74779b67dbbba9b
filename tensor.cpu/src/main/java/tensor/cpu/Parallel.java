package tensor.cpu;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Runs a loop over `0 … n` in pieces, on a fixed number of threads of which the caller is one.
///
/// Pieces begin at multiples of the grain, whatever the number of threads, so a computation that depends on its piece
/// gives the same bits on one thread as on many. A loop of one piece stays on the calling thread.
/// **Threads.** [#ranges] may be called from any thread, also from within a piece.
final class Parallel {
    /// A part of the loop.
    interface Body {
        /// Computes `from … to`, `to` excluded.
        void run(long from, long to);
    }

    private final int threads;
    private final Recorder recorder;
    private final Executor helpers;

    /// @param threads how many threads work on one loop, at least 1; the others start when they are first needed
    Parallel(int threads) {
        this(threads, new Recorder());
    }

    /// @param threads as above
    /// @param recorder knows which loops are written down
    Parallel(int threads, Recorder recorder) {
        this.threads = threads;
        this.recorder = recorder;
        AtomicInteger number = new AtomicInteger();
        ThreadFactory daemons =
                task ->
                        Thread.ofPlatform()
                                .daemon()
                                .name("tensor-cpu-" + number.incrementAndGet())
                                .unstarted(task);
        this.helpers = Executors.newFixedThreadPool(Math.max(1, threads - 1), daemons);
    }

    /// {@return how many threads work on one loop}
    int threads() {
        return threads;
    }

    /// Runs `body` on every piece and returns when all are done. If pieces throw, the exception of the first of them,
    /// in the order of the loop, is thrown; the others run all the same.
    void ranges(long n, long grain, Body body) {
        CpuCapture capture = recorder.current();
        if (capture != null && n > 0) {
            capture.run(new Loop(n, grain, body));
        } else if (n > grain) {
            run(new Loop(n, grain, body));
        } else if (n > 0) {
            body.run(0, n);
        }
    }

    /// Runs what has no pieces on the calling thread.
    void alone(Runnable body) {
        ranges(1, 1, (_, _) -> body.run());
    }

    /// Runs a loop, once more if it ran before; one at a time.
    void run(Loop loop) {
        if (loop.pieces <= 1) {
            if (loop.n > 0) {
                loop.body.run(0, loop.n);
            }
            return;
        }
        loop.begin();
        for (long i = Math.min(threads, loop.pieces); i > 1; i--) {
            helpers.execute(loop);
        }
        loop.run();
        loop.await();
    }

    /// One loop: whoever runs it takes the next piece until none is left. A thread that comes late finds none, or works
    /// when the loop is run again.
    static final class Loop implements Runnable {
        private final long n;
        private final long grain;
        private final long pieces;
        private final Body body;
        private final AtomicLong next = new AtomicLong();
        private long left;
        private long failedPiece;
        private @Nullable Throwable failure;

        private Loop(long n, long grain, Body body) {
            this.n = n;
            this.grain = grain;
            this.pieces = Math.ceilDiv(n, grain);
            this.body = body;
            next.set(pieces);
        }

        private synchronized void begin() {
            left = pieces;
            failedPiece = Long.MAX_VALUE;
            failure = null;
            next.set(0);
        }

        @Override
        public void run() {
            for (long piece; (piece = next.getAndIncrement()) < pieces; ) {
                Throwable thrown = null;
                try {
                    body.run(piece * grain, Math.min(n, (piece + 1) * grain));
                } catch (Throwable e) { // handed to the caller, whose loop this is
                    thrown = e;
                }
                finish(piece, thrown);
            }
        }

        private synchronized void finish(long piece, @Nullable Throwable thrown) {
            if (thrown != null && piece < failedPiece) {
                failedPiece = piece;
                failure = thrown;
            }
            left--;
            if (left == 0) {
                notifyAll();
            }
        }

        private synchronized void await() {
            boolean interrupted = false;
            while (left > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true; // the pieces use memory of the caller, so it must stay
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }
}
