package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs a bench in a fresh JVM, with as many threads on all sides.
final class ChildJvm {
    private ChildJvm() {}

    /// {@return the lines that it printed}
    ///
    /// @param bench the command of [Main]
    /// @param options those that parent and child share
    /// @param further arguments for the child alone
    /// @throws IllegalStateException if the JVM fails
    static List<String> lines(String bench, BenchOptions options, List<String> further) {
        String threads = Integer.toString(options.threads);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC", // for all sides, as ./loops does
                                "-Xmn16m",
                                "--add-modules=jdk.incubator.vector",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dtensor.cpu.threads=" + threads,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                bench,
                                "--here",
                                "--threads=" + threads));
        if (options.smoke) {
            command.add("--smoke");
        }
        command.addAll(further);
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        for (String library : List.of("OMP", "OPENBLAS", "MKL")) {
            builder.environment().put(library + "_NUM_THREADS", threads);
        }
        // each of two pools of libtorch's would keep processors busy while it waits for the other
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        builder.environment().put("OPENBLAS_THREAD_TIMEOUT", "4");
        try {
            Process process = builder.start();
            List<String> lines = process.inputReader().lines().toList();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        "bench %s: a JVM ended with status %d"
                                .formatted(bench, process.exitValue()));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("bench %s: was interrupted".formatted(bench), e);
        }
    }
}
