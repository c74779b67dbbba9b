package bench;

import bench.steps.CapturedSide;
import bench.steps.OurStep;
import bench.steps.Work;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Whole training steps against libtorch, called directly or through DJL, in the same JVM; or against ours in one without the
/// Vector API.
@Command(
        name = "steps",
        description = "Training steps of five models: ours against libtorch in the same JVM.")
final class StepsBench extends ContestBench {
    /// After so many steps both losses must agree.
    private static final int CHECKED = 20;

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

    @Override
    void compete(ContestOptions options, Peers peers) {
        for (Supplier<Work> each : options.bench.smoke ? Work.tiny() : Work.all()) {
            Work work = each.get();
            var other = peers.of(() -> peer.step(work, options.bench.threads));
            if (captured) {
                try (var ours = new CapturedSide(work)) {
                    Jvms.say(options.contest().run(work.name(), CHECKED, ours, other));
                }
            } else {
                Jvms.say(options.contest().run(work.name(), CHECKED, new OurStep(work), other));
            }
        }
    }
}
