package bench;

import bench.kernels.MklProduct;
import bench.kernels.OurProduct;
import bench.kernels.Product;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/// Products of square matrices against MKL.
@Command(
        name = "gemm",
        description = "Products of square float32 matrices, packing included: ours against MKL.")
final class GemmBench extends ContestBench {
    GemmBench() {
        super("gemm");
    }

    @Override
    String peer() {
        return "MKL";
    }

    @Override
    void compete(ContestOptions options, Peers peers) {
        for (Product product : options.bench.smoke ? Product.tiny() : Product.all()) {
            var peer = peers.of(() -> new MklProduct(product, options.bench.threads));
            Jvms.say(options.contest().run(product.name(), 1, new OurProduct(product), peer));
        }
    }

    /// As speeds: the parts of MKL's that ours reach.
    @Override
    String summary(List<Double> ratios) {
        List<Double> speeds = ratios.stream().map(ratio -> 1 / ratio).toList();
        return String.format(
                Locale.ROOT,
                "median %.2f of MKL, worst %.2f",
                Contest.median(speeds),
                speeds.stream().mapToDouble(it -> it).min().orElseThrow());
    }
}
