package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// How long one waits until an example trains.
@Command(
        name = "start",
        description = "From '" + FirstBatch.COMMAND + "' to its first trained batch.")
final class StartBench implements Callable<Integer> {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Count.class,
            description = "How many threads compute; as the example does if not set.")
    private @Nullable Integer threads;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "9",
            converter = Count.class,
            description = "How often it is started; 9 if not set.")
    private int rounds = 9;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there too.")
    private @Nullable Path json;

    @Option(names = "--smoke", description = "Start it once, to see that it runs.")
    private boolean smoke;

    StartBench() {}

    @Override
    public Integer call() throws IOException {
        if (json != null) {
            JsonFile.check(json);
        }
        var example =
                new FirstBatch(
                        Path.of(System.getProperty("loops.home", "")),
                        threads == null ? OptionalInt.empty() : OptionalInt.of(threads));
        example.millis(); // builds what has to be built, and brings the jars into the machine's
        // memory
        List<Double> times =
                DoubleStream.generate(example::millis)
                        .limit(smoke ? 1 : rounds)
                        .peek(time -> System.out.printf(Locale.ROOT, "%.0f ms%n", time))
                        .boxed()
                        .toList();
        if (json != null) {
            JsonFile.write(
                    json,
                    times,
                    (writer, time) -> writer.writeNumberProperty("first_batch_ms", time));
        }
        System.out.println("bench start: " + summary(times));
        return 0;
    }

    /// {@return in a line what all starts come to}
    ///
    /// @param millis of each, at least one
    static String summary(List<Double> millis) {
        return String.format(
                Locale.ROOT,
                "median %.0f ms, worst %.0f ms to the first trained batch",
                Contest.median(millis),
                millis.stream().mapToDouble(it -> it).max().orElseThrow());
    }
}
