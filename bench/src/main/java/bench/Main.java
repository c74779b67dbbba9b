package bench;

import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs a bench and sums it up in its last line: `./loops bench loops`.
public final class Main {
    private Main() {}

    /// Runs the bench that is named.
    ///
    /// @param args the name of one bench
    /// @throws RunnerException if it cannot be run
    public static void main(String[] args) throws RunnerException {
        if (args.length != 1 || !args[0].equals("loops")) {
            System.err.println("bench: names no bench; there is: loops");
            System.exit(2);
        }
        var options =
                new OptionsBuilder()
                        .include(EmptyStep.class.getName())
                        .addProfiler(GCProfiler.class)
                        .build();
        RunResult result = new Runner(options).run().iterator().next();
        System.out.printf(
                Locale.ROOT,
                "bench loops: step %.2f us, %.0f bytes%n",
                result.getPrimaryResult().getScore(),
                garbage(result));
    }

    private static double garbage(RunResult result) {
        Result<?> rate = result.getSecondaryResults().get("gc.alloc.rate.norm");
        if (rate == null) {
            throw new IllegalStateException("the profiler of garbage gave no rate");
        }
        return rate.getScore();
    }
}
