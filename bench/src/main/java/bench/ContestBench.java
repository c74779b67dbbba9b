package bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/// A bench with two sides: runs its contests in fresh JVMs, and tells what came out.
abstract class ContestBench implements Callable<Integer> {
    private final String name;

    @Mixin private ContestOptions options = new ContestOptions();

    /// @param name that of its command
    ContestBench(String name) {
        this.name = name;
    }

    @Override
    public final Integer call() throws IOException {
        if (options.here) {
            compete(options, new Peers(peer()));
            return 0;
        }
        if (options.bench.json != null) {
            JsonFile.check(options.bench.json);
        }
        List<Contest.Outcome> outcomes = Jvms.run(name, options, arguments(), parts(options));
        Report.print(peer(), outcomes);
        if (options.bench.json != null) {
            Report.write(options.bench.json, outcomes);
        }
        List<Double> ratios = Report.ratios(outcomes);
        System.out.println(
                "bench %s: %s".formatted(name, ratios.isEmpty() ? "ours alone" : summary(ratios)));
        return 0;
    }

    /// {@return the name of the library of the other side}
    abstract String peer();

    /// {@return the options of this bench alone, which its JVMs get too}
    List<String> arguments() {
        return List.of();
    }

    /// {@return for each part of the bench that has JVMs of its own the options that choose it}
    List<List<String>> parts(ContestOptions options) {
        return List.of(List.of());
    }

    /// Runs all contests of this JVM, and says each outcome by [Jvms#say].
    abstract void compete(ContestOptions options, Peers peers);

    /// {@return in a line what the ratios of ours to the peer come to}
    ///
    /// @param ratios at least one
    String summary(List<Double> ratios) {
        return String.format(
                Locale.ROOT,
                "median ratio %.2f, worst %.2f (lower is faster)",
                Contest.median(ratios),
                ratios.stream().mapToDouble(it -> it).max().orElseThrow());
    }
}
