package loops.core;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import loops.core.training.SaveRequest;

/// While it is open, an end of the process (Ctrl-C, SIGTERM) waits for the run's next safe point, where the run is saved.
final class Shutdown implements AutoCloseable {
    private final Thread hook;
    private final CountDownLatch over = new CountDownLatch(1);

    private Shutdown(SaveRequest saves, Path checkpoint) {
        hook =
                Thread.ofPlatform()
                        .name("save at shutdown")
                        .unstarted(() -> {
                            saves.request(checkpoint, java.util.List.of());
                            saves.interrupt(
                                    "the process was asked to end; the run is saved, go on with Resume.from(%s)"
                                            .formatted(checkpoint));
                            waitForTheRun(checkpoint);
                        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// {@return what saves a run at its next safe point when the process ends; nothing without a folder}
    static Shutdown of(SaveRequest saves, Optional<Path> folder) {
        return folder.map(path -> new Shutdown(saves, path.resolve("interrupted.ckpt")))
                .orElseGet(Shutdown::new);
    }

    private Shutdown() {
        hook = Thread.ofPlatform().unstarted(() -> {});
    }

    private void waitForTheRun(Path checkpoint) {
        try {
            over.await();
            if (!java.nio.file.Files.exists(checkpoint)) {
                return; // the run had ended otherwise
            }
            System.err.printf(
                    "loops: the run is saved in %s; go on with Resume.from(\"%s\")%n",
                    checkpoint, checkpoint);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
