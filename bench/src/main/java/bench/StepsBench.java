package bench;

import bench.steps.CapturedSide;
import bench.steps.OurStep;
import bench.steps.Work;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Whole training steps against libtorch, called directly or through DJL, in the same JVM; or against ours in one without the
/// Vector API.
@Command(
        name = "steps",
        description = "Training steps of five models: ours against libtorch in the same JVM.")
final class StepsBench extends ContestBench {
    /// After so many steps, at a rate by which the loss falls, both losses must agree.
    private static final int CHECKED = 20;

    private static final double CHECKED_RATE = 1e-3;

    @Option(
            names = "--peer",
            paramLabel = "NAME",
            defaultValue = "libtorch",
            description =
                    "The other side: libtorch; djl, which calls its own libtorch; or scalar, ours"
                            + " without the Vector API.")
    private StepsPeer peer = StepsPeer.LIBTORCH;

    @Option(
            names = "--captured",
            description = "Ours captured as a whole, not operation by operation.")
    private boolean captured;

    /// Set in the JVMs that this one starts: which model.
    @Option(names = "--work", hidden = true)
    private int work;

    StepsBench() {
        super("steps");
    }

    @Override
    String peer() {
        return peer.toString();
    }

    @Override
    List<String> arguments() {
        return captured ? List.of("--peer=" + peer, "--captured") : List.of("--peer=" + peer);
    }

    /// Each model in JVMs of its own: what one leaves behind in the memory of a library changes what the next one takes.
    @Override
    List<List<String>> parts(ContestOptions options) {
        return IntStream.range(0, works(options).size())
                .mapToObj(number -> List.of("--work=" + number))
                .toList();
    }

    private static List<Supplier<Work>> works(ContestOptions options) {
        return options.bench.smoke ? Work.tiny() : Work.all();
    }

    @Override
    void compete(ContestOptions options, Peers peers) {
        Supplier<Work> chosen = works(options).get(work);
        int threads = options.bench.threads;
        Work checked = chosen.get().at(CHECKED_RATE);
        peers.of(() -> peer.step(checked, threads))
                .ifPresent(other ->
                        Contest.agree(
                                checked.name(),
                                CHECKED,
                                ours(checked, ours -> Contest.repeated(ours, CHECKED)),
                                Contest.repeated(other, CHECKED)));
        Work timed = chosen.get();
        var other = peers.of(() -> peer.step(timed, threads));
        Jvms.say(ours(timed, ours -> options.contest().run(timed.name(), 1, ours, other)));
    }

    private <T> T ours(Work work, Function<Side, T> run) {
        if (!captured) {
            return run.apply(new OurStep(work));
        }
        try (var ours = new CapturedSide(work)) {
            return run.apply(ours);
        }
    }
}
