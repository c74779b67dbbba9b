package bench;

import bench.kernels.LibtorchMap;
import bench.kernels.Mapping;
import bench.kernels.OurMap;
import picocli.CommandLine.Command;

/// Functions of single elements, and sums, against libtorch.
@Command(
        name = "elementwise",
        description = "Functions of single elements and reductions: ours against libtorch.")
final class ElementwiseBench extends ContestBench {
    ElementwiseBench() {
        super("elementwise");
    }

    @Override
    String peer() {
        return "libtorch";
    }

    @Override
    void compete(ContestOptions options, Peers peers) {
        for (Mapping mapping : options.bench.smoke ? Mapping.tiny() : Mapping.all()) {
            var peer = peers.of(() -> new LibtorchMap(mapping, options.bench.threads));
            Jvms.say(options.contest().run(mapping.name(), 1, new OurMap(mapping), peer));
        }
    }
}
