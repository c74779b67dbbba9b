package bench.kernels;

import java.util.ArrayList;
import java.util.List;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A product of two square matrices, each as it stands or transposed.
///
/// @param dtype float32 or float64
/// @param size rows and columns
/// @param left whether the left one is transposed
/// @param right whether the right one is transposed
public record Product(DType dtype, int size, boolean left, boolean right) {
    /// {@return all of them}
    ///
    /// @param dtype float32 or float64
    public static List<Product> all(DType dtype) {
        List<Product> all = new ArrayList<>();
        for (int size : List.of(64, 128, 256, 512, 1024, 2048)) {
            all.add(new Product(dtype, size, false, false));
            all.add(new Product(dtype, size, false, true));
            all.add(new Product(dtype, size, true, false));
        }
        return all;
    }

    /// {@return small ones, for a test of the bench itself}
    ///
    /// @param dtype float32 or float64
    public static List<Product> tiny(DType dtype) {
        return List.of(
                new Product(dtype, 5, false, false),
                new Product(dtype, 5, false, true),
                new Product(dtype, 5, true, false));
    }

    /// {@return as it stands in the table: `sgemm NT 512`, or `16 sgemm NT 64`}
    public String name() {
        String times = times() == 1 ? "" : times() + " ";
        String routine = dtype == DType.FLOAT32 ? "sgemm" : "dgemm";
        return "%s%s %s%s %d".formatted(times, routine, left ? "T" : "N", right ? "T" : "N", size);
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
        return Tensor.normal(RandomKey.of(number), Shape.of(size, size), dtype);
    }
}
