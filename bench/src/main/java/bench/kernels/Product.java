package bench.kernels;

import java.util.ArrayList;
import java.util.List;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// A product of two square matrices, each as it stands or transposed.
///
/// @param size rows and columns
/// @param left whether the left one is transposed
/// @param right whether the right one is transposed
public record Product(int size, boolean left, boolean right) {
    /// {@return all of them}
    public static List<Product> all() {
        List<Product> all = new ArrayList<>();
        for (int size : List.of(64, 128, 256, 512, 1024, 2048)) {
            all.add(new Product(size, false, false));
            all.add(new Product(size, false, true));
            all.add(new Product(size, true, false));
        }
        return all;
    }

    /// {@return small ones, for a test of the bench itself}
    public static List<Product> tiny() {
        return List.of(
                new Product(5, false, false),
                new Product(5, false, true),
                new Product(5, true, false));
    }

    /// {@return as it stands in the table: `sgemm NT 512`, or `16 sgemm NT 64`}
    public String name() {
        String times = times() == 1 ? "" : times() + " ";
        return "%ssgemm %s%s %d".formatted(times, left ? "T" : "N", right ? "T" : "N", size);
    }

    /// {@return how often a run computes it: small ones several times, so that reading an element, which ends a run, counts
    /// for little}
    int times() {
        return size < 256 ? 16 : 1;
    }

    /// {@return a matrix as it lies in memory}
    ///
    /// @param number which of the two, from 0
    Tensor matrix(int number) {
        return Tensor.normal(RandomKey.of(number), Shape.of(size, size));
    }
}
