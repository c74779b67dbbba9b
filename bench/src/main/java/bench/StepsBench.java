package bench;

import bench.steps.LibtorchStep;
import bench.steps.OurStep;
import bench.steps.Work;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Whole training steps against libtorch in the same JVM.
@Command(
        name = "steps",
        description = "Training steps of five models: ours against libtorch in the same JVM.")
final class StepsBench implements Callable<Integer> {
    /// After so many steps both losses must agree.
    private static final int CHECKED = 20;

    @Mixin private ContestOptions options = new ContestOptions();

    @Override
    public Integer call() throws IOException {
        if (options.here) {
            here();
            return 0;
        }
        List<Contest.Outcome> outcomes = Jvms.run("steps", options);
        Report.print("libtorch", outcomes);
        if (options.json != null) {
            Report.write(options.json, outcomes);
        }
        List<Double> ratios = Report.ratios(outcomes);
        System.out.println(
                ratios.isEmpty()
                        ? "bench steps: ours alone"
                        : String.format(
                                Locale.ROOT,
                                "bench steps: median ratio %.2f, worst %.2f (lower is faster)",
                                Contest.median(ratios),
                                ratios.stream().mapToDouble(it -> it).max().orElseThrow()));
        return 0;
    }

    private void here() {
        var peers = new Peers("libtorch");
        for (Supplier<Work> each : options.smoke ? Work.tiny() : Work.all()) {
            Work work = each.get();
            var peer = peers.of(() -> new LibtorchStep(work, options.threads));
            Jvms.say(options.contest().run(work.name(), CHECKED, new OurStep(work), peer));
        }
    }
}
