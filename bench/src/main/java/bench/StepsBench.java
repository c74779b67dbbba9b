package bench;

import bench.steps.LibtorchStep;
import bench.steps.OurStep;
import bench.steps.Work;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/// Whole training steps against libtorch in the same JVM.
@Command(
        name = "steps",
        description = "Training steps of five models: ours against libtorch in the same JVM.")
final class StepsBench extends ContestBench {
    /// After so many steps both losses must agree.
    private static final int CHECKED = 20;

    StepsBench() {
        super("steps", "libtorch");
    }

    @Override
    void compete(ContestOptions options, Peers peers) {
        for (Supplier<Work> each : options.bench.smoke ? Work.tiny() : Work.all()) {
            Work work = each.get();
            var peer = peers.of(() -> new LibtorchStep(work, options.bench.threads));
            Jvms.say(options.contest().run(work.name(), CHECKED, new OurStep(work), peer));
        }
    }
}
