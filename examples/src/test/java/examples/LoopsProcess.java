package examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The examples in a process of their own, with the modules of this one.
final class LoopsProcess {
    static final int KILLED = ChildRuns.KILLED;

    /// What the JVM says of itself when it was ended by SIGTERM: 128 + 15.
    static final int TERMINATED = 143;

    /// How a process ended, and what it had printed until then.
    record Ended(int status, List<String> lines) {
        /// {@return the lines that start with a word}
        List<String> linesWith(String word) {
            return lines.stream().filter(line -> line.startsWith(word)).toList();
        }
    }

    private final ProcessBuilder builder;

    LoopsProcess(Path errors, List<String> arguments) {
        this(ThisProgram.command(arguments), errors);
    }

    private LoopsProcess(List<String> command, Path errors) {
        builder = new ProcessBuilder(command);
        builder.redirectError(errors.toFile());
    }

    /// {@return the same from the class path, in a JVM that does not have the Vector API}
    static LoopsProcess withoutVectors(Path errors, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Duser.language=en"); // that of what a log calls a warning
        command.addAll(List.of("-cp", System.getProperty("jdk.module.path"), "examples.Main"));
        command.addAll(arguments);
        return new LoopsProcess(command, errors);
    }

    /// Lets it come to its own end.
    Ended run() throws IOException, InterruptedException {
        return upon(line -> false, Process::destroy);
    }

    /// Kills it as soon as it has printed a line.
    Ended killUpon(Predicate<String> fatal) throws IOException, InterruptedException {
        return upon(fatal, Process::destroyForcibly);
    }

    /// Asks it to end, as Ctrl-C does, as soon as it has printed a line.
    Ended endUpon(Predicate<String> last) throws IOException, InterruptedException {
        return upon(last, Process::destroy);
    }

    private Ended upon(Predicate<String> last, Consumer<Process> end)
            throws IOException, InterruptedException {
        var process = builder.start();
        var lines = new ArrayList<String>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (last.test(line)) {
                    end.accept(process);
                    break;
                }
            }
            return new Ended(process.waitFor(), lines);
        } finally {
            process.destroyForcibly();
        }
    }

    /// Waits until a run has begun to save.
    static boolean saves(Path folder) {
        while (!Files.isDirectory(folder)) {
            Thread.onSpinWait();
        }
        return true;
    }

    static String errors(Path file) throws IOException {
        return Files.readString(file);
    }
}
