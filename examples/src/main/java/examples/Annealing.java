package examples;

import static examples.AnnealingLoops.height;

import examples.AnnealingLoops.NewBest;
import examples.AnnealingLoops.Restarts;
import examples.AnnealingLoops.Search;
import java.util.Locale;
import loops.api.Listeners;
import loops.api.LoopState.Fields;
import loops.api.SafePoint;
import loops.api.SafePoints;
import loops.api.Subscription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The lowest place of a hilly line by simulated annealing: three nested loops around plain arithmetic, no tensors, and
/// a hook of their own. Left at any safe point and gone on with in new loops, the last line is the same to the last bit.
///
/// ```text
/// $ ./loops run annealing --stop-after 1500
/// restart 1: new best 0.043844
/// left at safe point 1500, going on in new loops
/// restart 3: new best 0.002132
/// annealing: height 0.002132 at x = 0.02174476217500418
/// ```
@Command(name = "annealing", description = "Find the lowest place of a line: loops alone.")
public final class Annealing implements Example {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--stop-after",
            paramLabel = "N",
            converter = Values.Steps.class,
            description = "Leave the run at its N-th safe point and go on in new loops.")
    private int stopAfter = Integer.MAX_VALUE;

    /// An example with its default options.
    public Annealing() {}

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var listeners =
                Listeners.of(
                        Subscription.to(
                                NewBest.class,
                                best ->
                                        out.printf(
                                                Locale.ROOT,
                                                "restart %d: new best %.6f%n",
                                                best.restart(),
                                                height(best.x()))));
        var search = new Search(10, 1, listeners);
        var stop = new Stop(stopAfter);
        var loops = new Restarts();
        double x;
        try {
            x = loops.run(search, stop);
        } catch (Stop _) {
            out.printf("left at safe point %d, going on in new loops%n", stopAfter);
            loops = new Restarts();
            loops.loadStateDict(stop.state);
            x = loops.run(search);
        }
        out.printf(Locale.ROOT, "annealing: height %.6f at x = %s%n", height(x), x);
        return 0;
    }

    /// Leaves the run at a safe point with the state there, as if the process were killed.
    private static final class Stop extends RuntimeException implements SafePoints {
        private static final long serialVersionUID = 1L;
        private int left;
        private transient Fields state = Fields.empty();

        Stop(int after) {
            super("stopped");
            left = after;
        }

        @Override
        public void reached(SafePoint point) {
            if (--left == 0) {
                state = point.state();
                throw this;
            }
        }
    }
}
