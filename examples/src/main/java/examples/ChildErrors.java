package examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a run of this program in a process of its own says of its errors.
///
/// @param file takes it, that of the latest run
record ChildErrors(Path file) {

    /// {@return a process to be started, whose errors go here}
    ProcessBuilder of(ProcessBuilder process) {
        return process.redirectError(file.toFile());
    }

    /// Checks that a process has ended by success.
    ///
    /// @throws IOException if not, with what it said first
    void requireNone(Process ended) throws IOException {
        int status = ended.exitValue();
        if (status != 0) {
            throw new IOException(
                    "a run of its own ended with status %d: %s"
                            .formatted(status, reason(Files.readAllLines(file))));
        }
    }

    private static String reason(List<String> errors) {
        return errors.stream()
                .filter(line -> !line.startsWith("WARNING") && !line.startsWith("\t"))
                .findFirst()
                .orElse("it said nothing");
    }
}
