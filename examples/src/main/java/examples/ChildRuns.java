package examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs of this program in processes of their own, one at a time, and a folder for them. Closing it, or the end of this
/// process, ends the one that runs and deletes the folder: nothing is left behind.
final class ChildRuns implements AutoCloseable {
    /// What the system says of a process that was ended by SIGKILL: 128 + 9.
    static final int KILLED = 137;

    private final Path folder;
    private final ChildErrors errors;
    private final Lock lock = new ReentrantLock();
    private final Thread atEnd = new Thread(this::clearForGood);
    private @Nullable Process running;

    ChildRuns(String name) throws IOException {
        folder = Files.createTempDirectory(name);
        errors = new ChildErrors(folder.resolve("errors.txt"));
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    /// {@return the folder}
    Path folder() {
        return folder;
    }

    /// {@return a new process of this program}
    ///
    /// @param arguments its command line, as `run compare`
    Process start(List<String> arguments) throws IOException {
        lock.lock();
        try {
            var process = errors.of(new ProcessBuilder(ThisProgram.command(arguments))).start();
            running = process;
            return process;
        } finally {
            lock.unlock();
        }
    }

    /// {@return the lines that a process has printed, when it has come to its own end}
    ///
    /// @throws IOException if it failed, with what it said first
    List<String> await(Process process) throws IOException {
        var printed = process.inputReader().lines().toList();
        awaitEnd(process);
        return printed;
    }

    /// Waits until a process has come to its own end.
    ///
    /// @throws IOException if it failed, with what it said first
    void awaitEnd(Process process) throws IOException {
        errors.requireNone(process.onExit().join());
    }

    /// Kills a process, which gets no time for anything.
    ///
    /// @return whether it died of that; it may have come to its own end just before
    /// @throws IOException if it had failed before, with what it said first
    boolean kill(Process process) throws IOException {
        var ended = process.destroyForcibly().onExit().join();
        if (ended.exitValue() == KILLED) {
            return true;
        }
        errors.requireNone(ended);
        return false;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            clear();
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } finally {
            lock.unlock();
        }
    }

    /// When this process ends: the lock is kept, so that nothing is started any more.
    private void clearForGood() {
        lock.lock();
        clear();
    }

    private void clear() {
        var process = running;
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (NoSuchFileException _) {
            // it is gone already
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
