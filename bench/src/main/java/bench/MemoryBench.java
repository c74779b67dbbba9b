package bench;

import bench.steps.CapturedSide;
import bench.steps.LibtorchStep;
import bench.steps.OurStep;
import bench.steps.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What training steps take of memory: garbage of the Java heap, and what is resident, each side of each model in a JVM of
/// its own.
@Command(
        name = "memory",
        description = "Memory of training steps: garbage, and what is resident beside libtorch.")
final class MemoryBench implements Callable<Integer> {
    private static final String PEER = "libtorch";

    /// One of two sides.
    enum Who {
        OURS,
        PEER
    }

    @Mixin private BenchOptions options = new BenchOptions();

    @Option(
            names = "--captured",
            description = "Ours captured as a whole, not operation by operation.")
    private boolean captured;

    @Option(
            names = "--steps",
            paramLabel = "N",
            converter = Count.class,
            description =
                    "So many steps of ours before those that are measured, at least; 300 if not set.")
    private int steps = MemorySpan.LONG.warmUpRuns();

    /// Set in the JVMs that this one starts: the model is trained there.
    @Option(names = "--here", hidden = true)
    private boolean here;

    @Option(names = "--side", hidden = true)
    private Who side = Who.OURS;

    @Option(names = "--work", hidden = true)
    private int work;

    MemoryBench() {}

    @Override
    public Integer call() throws IOException {
        if (here) {
            train();
            return 0;
        }
        if (options.json != null) {
            JsonFile.check(options.json);
        }
        MemorySpan span = span();
        System.out.printf(
                "after at least %d steps and %d s, median of %d steps%n",
                span.warmUpRuns(), span.warmUpSeconds(), span.measured());
        List<MemoryOutcome> outcomes = outcomes();
        System.out.println(MemoryOutcome.head(PEER));
        outcomes.forEach(outcome -> System.out.println(outcome.line()));
        if (options.json != null) {
            MemoryReport.write(options.json, outcomes);
        }
        System.out.println("bench memory: " + summary(outcomes));
        return 0;
    }

    private MemorySpan span() {
        return options.smoke ? MemorySpan.TINY : MemorySpan.LONG.behind(steps);
    }

    private List<Supplier<Work>> works() {
        return options.smoke ? Work.tiny() : Work.all();
    }

    private void train() {
        Work chosen = works().get(work).get();
        Optional<Side> trained =
                switch (side) {
                    case OURS ->
                            Optional.of(captured ? new CapturedSide(chosen) : new OurStep(chosen));
                    case PEER ->
                            new Peers(PEER).of(() -> new LibtorchStep(chosen, options.threads));
                };
        trained.ifPresent(it -> System.out.println(Footprint.of(chosen.name(), it, span()).said()));
    }

    private List<MemoryOutcome> outcomes() {
        List<MemoryOutcome> outcomes = new ArrayList<>();
        boolean isPeerMissing = false;
        for (int i = 0; i < works().size(); i++) {
            Footprint ours = footprint(i, Who.OURS).orElseThrow();
            Optional<Footprint> peer = isPeerMissing ? Optional.empty() : footprint(i, Who.PEER);
            isPeerMissing = peer.isEmpty();
            peer.ifPresent(other ->
                    Contest.agree(ours.name(), Footprint.CHECKED, ours.loss(), other.loss()));
            outcomes.add(new MemoryOutcome(ours, peer));
        }
        return outcomes;
    }

    private Optional<Footprint> footprint(int index, Who who) {
        List<String> further = new ArrayList<>(List.of("--side=" + who, "--work=" + index));
        if (who == Who.OURS) {
            further.add("--steps=" + steps);
        }
        if (captured) {
            further.add("--captured");
        }
        return ChildJvm.lines("memory", options, further).stream()
                .flatMap(line -> Footprint.heard(line).stream())
                .findFirst();
    }

    /// {@return in a line what all the outcomes come to}
    ///
    /// @param outcomes at least one
    static String summary(List<MemoryOutcome> outcomes) {
        double most =
                outcomes.stream().mapToDouble(it -> it.ours().garbageBytes()).max().orElseThrow();
        List<Double> ratios =
                outcomes.stream().map(MemoryOutcome::ratio).flatMap(Optional::stream).toList();
        String compared;
        if (!ratios.isEmpty()) {
            compared =
                    String.format(
                            Locale.ROOT,
                            "median ratio %.2f, worst %.2f (lower is better)",
                            Contest.median(ratios),
                            ratios.stream().mapToDouble(it -> it).max().orElseThrow());
        } else if (outcomes.getFirst().ours().resident().isEmpty()) {
            compared = "resident memory is not known, there is no /proc/self/status";
        } else {
            compared = "ours alone";
        }
        return String.format(Locale.ROOT, "garbage at most %.0f bytes a step, %s", most, compared);
    }
}
