package loops.core;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import loops.core.training.SaveRequest;

/// While it is open, an end of the process (Ctrl-C, SIGTERM) interrupts the run, and waits until it is saved.
final class Shutdown implements AutoCloseable {
    private final SaveRequest saves;
    private final Optional<Thread> hook;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Optional<String> said = Optional.empty();

    /// @param saves takes the wish to interrupt
    /// @param place where an interrupted run is saved; without one the process just ends
    Shutdown(SaveRequest saves, Optional<Path> place) {
        this.saves = saves;
        this.hook =
                place.map(_ -> Thread.ofPlatform().name("save at shutdown").unstarted(this::end));
        hook.ifPresent(Runtime.getRuntime()::addShutdownHook);
    }

    private void end() {
        saves.interrupt("the process was asked to end");
        try {
            over.await();
            said.ifPresent(line -> System.err.println("loops: " + line));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells how the run was interrupted, for the last line of the process.
    void interrupted(String how) {
        said = Optional.of(how);
    }

    @Override
    public void close() {
        over.countDown();
        try {
            hook.ifPresent(Runtime.getRuntime()::removeShutdownHook);
        } catch (IllegalStateException _) {
            // the process is ending: the hook is what waits for this
        }
    }
}
