package bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// The time from the start of an example to its first trained batch, as someone at a terminal sees it.
///
/// On a terminal the example shows a bar, and moves it at once when the first batch is trained. So it is started as it is,
/// with nothing added, by `script`, which gives a command a terminal and prints what appears there.
final class FirstBatch {
    /// What is timed. The script's own work counts: it looks for a JDK, and for sources that are newer than the jars.
    static final String COMMAND = "./loops run kfold --epochs 1";

    private static final Pattern FIRST_BATCH = Pattern.compile("epoch 1/1 \\[[= ]*] 1/");

    private final ProcessBuilder builder;

    /// The example of this project.
    ///
    /// @param home the folder of the script `loops`
    /// @param threads how many compute; if empty, as many as the example takes by itself
    FirstBatch(Path home, OptionalInt threads) {
        builder =
                new ProcessBuilder(List.of("script", "-qec", COMMAND, "/dev/null"))
                        .directory(home.toFile())
                        .redirectErrorStream(true);
        threads.ifPresent(count ->
                builder.environment().put("JDK_JAVA_OPTIONS", "-Dtensor.cpu.threads=" + count));
    }

    /// {@return the milliseconds of one run, whose end is waited for}
    ///
    /// @throws IllegalStateException if the run cannot be started, fails, or shows no trained batch
    double millis() {
        var shown = new StringBuilder();
        long start = System.nanoTime();
        Process process = started();
        try (InputStream terminal = process.getInputStream()) {
            boolean isTrained = showsFirstBatch(terminal, shown);
            long nanos = System.nanoTime() - start;
            shown.append(new String(terminal.readAllBytes(), ISO_8859_1));
            int status = process.waitFor();
            if (status != 0 || !isTrained) {
                throw new IllegalStateException(
                        "bench start: '%s' ended with status %d and %s; it showed:%n%s"
                                .formatted(
                                        COMMAND,
                                        status,
                                        isTrained ? "a trained batch" : "no trained batch",
                                        shown));
            }
            return nanos / 1e6;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("bench start: was interrupted", e);
        }
    }

    private Process started() {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "bench start: %s; needs the folder of ./loops, and 'script' of util-linux, which gives a command a terminal"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    /// Reads until the bar shows the first batch, or to the end.
    private static boolean showsFirstBatch(InputStream terminal, StringBuilder shown)
            throws IOException {
        byte[] part = new byte[1 << 12];
        for (int count = terminal.read(part); count >= 0; count = terminal.read(part)) {
            shown.append(new String(part, 0, count, ISO_8859_1));
            if (FIRST_BATCH.matcher(shown).find()) {
                return true;
            }
        }
        return false;
    }
}
