package examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs of this program in processes of their own, one at a time, and a folder for them. Closing it, or the end of this
/// process, ends the one that runs and deletes the folder: nothing is left behind.
final class ChildRuns implements AutoCloseable {
    private final Path folder;
    private final Lock lock = new ReentrantLock();
    private final Thread atEnd = new Thread(this::clearForGood);
    private @Nullable Process running;

    ChildRuns(String name) throws IOException {
        folder = Files.createTempDirectory(name);
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
            var process = new ProcessBuilder(command(arguments)).redirectError(errors()).start();
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
        int status = process.onExit().join().exitValue();
        if (status != 0) {
            var lines = Files.readAllLines(errors().file().toPath());
            throw new IOException(
                    "a run of its own ended with status %d: %s".formatted(status, reason(lines)));
        }
        return printed;
    }

    private static String reason(List<String> errors) {
        return errors.stream()
                .filter(line -> !line.startsWith("WARNING") && !line.startsWith("\t"))
                .findFirst()
                .orElse("it said nothing");
    }

    /// {@return the command that runs this program again, with the same Java and the same modules or class path}
    static List<String> command(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Main.class.getModule().isNamed()) {
            command.addAll(List.of("-p", System.getProperty("jdk.module.path")));
            command.addAll(List.of("-m", "examples/examples.Main"));
        } else {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "examples.Main"));
        }
        command.addAll(arguments);
        return command;
    }

    /// Lets this process, which another has started, not outlive it.
    static void endWithParent() {
        var parent = ProcessHandle.current().parent().orElseThrow();
        var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
    }

    private ProcessBuilder.Redirect errors() {
        return ProcessBuilder.Redirect.to(folder.resolve("errors.txt").toFile());
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
