package bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a bench with two sides.
final class ContestOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many threads compute on both sides; 1 if not set.")
    int threads = 1;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "How often each side has its turn in a JVM; 7 if not set.")
    int rounds = 7;

    @Option(
            names = "--jvms",
            paramLabel = "N",
            defaultValue = "3",
            description = "In how many fresh JVMs, one after the other; 3 if not set.")
    int jvms = 3;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the numbers there too.")
    @Nullable Path json;

    @Option(names = "--smoke", description = "Tiny sizes, to see that it runs.")
    boolean smoke;

    /// Set in the JVMs that a bench starts: the contest is run there.
    @Option(names = "--here", hidden = true)
    boolean here;

    /// {@return how contests are run}
    Contest contest() {
        return smoke ? new Contest(1, 1) : new Contest(rounds, 300);
    }
}
