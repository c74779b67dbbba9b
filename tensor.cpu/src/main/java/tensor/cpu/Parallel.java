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
    private final Executor helpers;

    /// @param threads how many threads work on one loop, at least 1; the others start when they are first needed
    Parallel(int threads) {
        this.threads = threads;
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
        long pieces = Math.ceilDiv(n, grain);
        if (pieces <= 1) {
            if (n > 0) {
                body.run(0, n);
            }
            return;
        }
        Job job = new Job(n, grain, pieces, body);
        for (long i = Math.min(threads, pieces); i > 1; i--) {
            helpers.execute(job);
        }
        job.run();
        job.await();
    }

    /// One loop: whoever runs it takes the next piece until none is left.
    private static final class Job implements Runnable {
        private final long n;
        private final long grain;
        private final long pieces;
        private final Body body;
        private final AtomicLong next = new AtomicLong();
        private long left;
        private long failedPiece = Long.MAX_VALUE;
        private @Nullable Throwable failure;

        private Job(long n, long grain, long pieces, Body body) {
            this.n = n;
            this.grain = grain;
            this.pieces = pieces;
            this.body = body;
            this.left = pieces;
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
