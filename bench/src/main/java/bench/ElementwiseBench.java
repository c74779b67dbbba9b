package bench;

import bench.kernels.LibtorchMap;
import bench.kernels.Mapping;
import bench.kernels.OurMap;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Functions of single elements, and sums, against libtorch.
@Command(
        name = "elementwise",
        description = "Functions of single elements and reductions: ours against libtorch.")
final class ElementwiseBench implements Callable<Integer> {
    @Mixin private ContestOptions options = new ContestOptions();

    @Override
    public Integer call() throws IOException {
        if (options.here) {
            here();
            return 0;
        }
        List<Contest.Outcome> outcomes = Jvms.run("elementwise", options);
        Report.print("libtorch", outcomes);
        if (options.json != null) {
            Report.write(options.json, outcomes);
        }
        List<Double> ratios = Report.ratios(outcomes);
        System.out.println(
                ratios.isEmpty()
                        ? "bench elementwise: ours alone"
                        : String.format(
                                Locale.ROOT,
                                "bench elementwise: median ratio %.2f, worst %.2f (lower is faster)",
                                Contest.median(ratios),
                                ratios.stream().mapToDouble(it -> it).max().orElseThrow()));
        return 0;
    }

    private void here() {
        var peers = new Peers("libtorch");
        for (Mapping mapping : options.smoke ? Mapping.tiny() : Mapping.all()) {
            var peer = peers.of(() -> new LibtorchMap(mapping, options.threads));
            Jvms.say(options.contest().run(mapping.name(), 1, new OurMap(mapping), peer));
        }
    }
}
