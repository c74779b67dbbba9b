package tensor.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tensor.gpu.Factors;

/// How products of float32 matrices are computed, and by whom; sums are of float32 in all.
enum MatrixArithmetic {
    /// As it says, by cuBLAS where it is, or else by our own kernels: so the next two.
    FLOAT32(Factors.FLOAT32, 68),
    /// With rounded factors.
    TF32(Factors.TF32, 77),
    /// With factors that are rounded further.
    BFLOAT16(Factors.BFLOAT16, 75),
    /// By our own kernels, those of float64 too: so the next two.
    OWN(Factors.FLOAT32, 0),
    /// With rounded factors.
    OWN_TF32(Factors.TF32, 0),
    /// With factors that are rounded further.
    OWN_BFLOAT16(Factors.BFLOAT16, 0);

    /// What cuBLAS calls float64.
    static final int DOUBLE = 70;

    /// The property that names one.
    static final String PROPERTY = "tensor.cuda.matmul";

    /// The first compute capability with units for matrices of rounded factors.
    private static final int LEAST_OF_ROUNDED = 80;

    private final Factors factors;
    private final int code;

    MatrixArithmetic(Factors factors, int code) {
        this.factors = factors;
        this.code = code;
    }

    /// {@return how factors are rounded}
    Factors factors() {
        return factors;
    }

    /// {@return what cuBLAS calls it, or 0 if cuBLAS is left out}
    int code() {
        return code;
    }

    /// {@return whether cuBLAS is left out}
    boolean isOwn() {
        return code == 0;
    }

    /// Checks that a device can: cuBLAS itself would compute otherwise without a word.
    ///
    /// @throws IllegalArgumentException if not
    void requireOn(CudaDevice device) {
        if (factors != Factors.FLOAT32 && device.capability() < LEAST_OF_ROUNDED) {
            throw new IllegalArgumentException(
                    "-D%s=%s needs compute capability 8.0 or newer, and this is %s; leave it out"
                            .formatted(PROPERTY, text(), device.text()));
        }
    }

    /// {@return the one of that name}
    ///
    /// @throws IllegalArgumentException if there is none
    static MatrixArithmetic of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.text().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "-D%s is '%s', needs to be %s"
                                        .formatted(PROPERTY, name, names(List.of(values())))));
    }

    private static String names(List<MatrixArithmetic> all) {
        return all.stream().map(MatrixArithmetic::text).collect(Collectors.joining(" or "));
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
