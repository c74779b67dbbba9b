package bench.steps;

import bench.Side;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The same training step by our engine without the Vector API, in a JVM of its own: it makes a step for each line that it reads,
/// answers with the loss, and ends with this one.
public final class ScalarStep implements Side {
    private final BufferedWriter asks;
    private final BufferedReader answers;

    /// A step of this work.
    ///
    /// @param work what is learned
    /// @param threads how many compute
    public ScalarStep(Work work, int threads) {
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dtensor.cpu.threads=" + threads,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ScalarStep.class.getName(),
                        work.name(),
                        Double.toString(work.rate()));
        try {
            Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            asks = process.outputWriter(StandardCharsets.UTF_8);
            answers = process.inputReader(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public double run() {
        try {
            asks.write("step\n");
            asks.flush();
            return Double.parseDouble(String.valueOf(answers.readLine()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes steps.
    ///
    /// @param arguments the name of the work, the learning rate
    /// @throws IOException if the JVM that asks cannot be heard
    public static void main(String[] arguments) throws IOException {
        var step = new OurStep(work(arguments[0]).at(Double.parseDouble(arguments[1])));
        try (var asked =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (asked.readLine() != null) {
                System.out.println(step.run());
            }
        }
    }

    private static Work work(String name) {
        return Stream.of(Work.all(), Work.tiny())
                .flatMap(List::stream)
                .map(Supplier::get)
                .filter(work -> work.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
