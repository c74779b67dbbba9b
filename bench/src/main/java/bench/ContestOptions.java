package bench;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of a bench that times two sides.
final class ContestOptions {
    @Mixin BenchOptions bench = new BenchOptions();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            converter = Count.class,
            description = "How often each side has its turn in a JVM; 7 if not set.")
    int rounds = 7;

    @Option(
            names = "--jvms",
            paramLabel = "N",
            defaultValue = "3",
            converter = Count.class,
            description = "In how many fresh JVMs, one after the other; 3 if not set.")
    int jvms = 3;

    /// Set in the JVMs that a bench starts: the contest is run there.
    @Option(names = "--here", hidden = true)
    boolean here;

    /// {@return how contests are run}
    Contest contest() {
        return bench.smoke ? new Contest(1, 1) : new Contest(rounds, 300);
    }
}
