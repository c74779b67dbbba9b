package bench;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;

/// What the procedure itself costs.
@Command(name = "loops", description = "A step of the whole tree of loops that computes nothing.")
final class LoopsBench implements Callable<Integer> {
    @Override
    public Integer call() throws RunnerException {
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
        return 0;
    }

    private static double garbage(RunResult result) {
        Result<?> rate = result.getSecondaryResults().get("gc.alloc.rate.norm");
        if (rate == null) {
            throw new IllegalStateException("the profiler of garbage gave no rate");
        }
        return rate.getScore();
    }
}
