package bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of every bench that compares or starts something.
final class BenchOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            converter = Count.class,
            description = "How many threads compute, on both sides if there are two; 1 if not set.")
    int threads = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there too.")
    @Nullable Path json;

    @Option(names = "--smoke", description = "Tiny sizes, to see that it runs.")
    boolean smoke;
}
