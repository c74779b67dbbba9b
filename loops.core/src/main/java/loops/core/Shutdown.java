package loops.core;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import loops.core.training.SaveRequest;

/// While it is open, an end of the process (Ctrl-C, SIGTERM) interrupts the run, and waits until it is saved and has let go
/// of all that it held. It says so at once, and at the end how to go on.
final class Shutdown implements AutoCloseable {
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final SaveRequest saves;
    private final Thread running = Thread.currentThread();
    private final Thread hook = Thread.ofPlatform().name("save at shutdown").unstarted(this::end);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile String outcome = "the run was over before that";

    /// @param saves takes the wish to interrupt
    Shutdown(SaveRequest saves) {
        this.saves = saves;
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is ending already, and what started this run waits for nothing
        }
    }

    private void end() {
        saves.interrupt("the process was asked to end");
        if (exits()) {
            return;
        }
        say("asked to end; the run is left at its next safe point");
        try {
            while (!over.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                if (exits()) {
                    return;
                }
            }
            say(outcome);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Not by a logger: those of java.util.logging end in a hook of their own, perhaps before.
    private static void say(String line) {
        System.err.println("loops: " + line);
    }

    /// {@return whether the run itself ends the process, so that it comes to no safe point any more}
    private boolean exits() {
        var exiting =
                Arrays.stream(running.getStackTrace())
                        .anyMatch(frame ->
                                frame.getClassName().equals(Runtime.class.getName())
                                        && frame.getMethodName().equals("exit"));
        // asked second: a thread may end the process as soon as its run is over
        return exiting && over.getCount() > 0;
    }

    /// Tells how the run was interrupted, for the last line of the process.
    void interrupted(String how) {
        outcome = how;
    }

    @Override
    public void close() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is ending: the hook is what waits for this
        }
    }
}
