package bench;

import bench.kernels.MklProduct;
import bench.kernels.OurProduct;
import bench.kernels.Product;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Products of square matrices against MKL.
@Command(
        name = "gemm",
        description = "Products of square float32 matrices, packing included: ours against MKL.")
final class GemmBench implements Callable<Integer> {
    @Mixin private ContestOptions options = new ContestOptions();

    @Override
    public Integer call() throws IOException {
        if (options.here) {
            here();
            return 0;
        }
        List<Contest.Outcome> outcomes = Jvms.run("gemm", options);
        Report.print("MKL", outcomes);
        if (options.json != null) {
            Report.write(options.json, outcomes);
        }
        List<Double> speeds = Report.ratios(outcomes).stream().map(ratio -> 1 / ratio).toList();
        System.out.println(
                speeds.isEmpty()
                        ? "bench gemm: ours alone"
                        : String.format(
                                Locale.ROOT,
                                "bench gemm: median %.2f of MKL, worst %.2f",
                                Contest.median(speeds),
                                speeds.stream().mapToDouble(it -> it).min().orElseThrow()));
        return 0;
    }

    private void here() {
        var peers = new Peers("MKL");
        for (Product product : options.smoke ? Product.tiny() : Product.all()) {
            var peer = peers.of(() -> new MklProduct(product, options.threads));
            Jvms.say(options.contest().run(product.name(), 1, new OurProduct(product), peer));
        }
    }
}
