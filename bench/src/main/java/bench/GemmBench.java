package bench;

import bench.kernels.MklProduct;
import bench.kernels.OurProduct;
import bench.kernels.Product;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tensor.layout.DType;

/// Products of square matrices against MKL.
@Command(
        name = "gemm",
        description = "Products of square matrices, packing included: ours against MKL.")
final class GemmBench extends ContestBench {
    @Option(names = "--double", description = "Float64 in place of float32.")
    private boolean isDouble;

    GemmBench() {
        super("gemm");
    }

    @Override
    String peer() {
        return "MKL";
    }

    @Override
    List<String> arguments() {
        return isDouble ? List.of("--double") : List.of();
    }

    @Override
    void compete(ContestOptions options, Peers peers) {
        DType dtype = isDouble ? DType.FLOAT64 : DType.FLOAT32;
        for (Product product : options.bench.smoke ? Product.tiny(dtype) : Product.all(dtype)) {
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
