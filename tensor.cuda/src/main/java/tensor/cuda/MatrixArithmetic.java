package tensor.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// How products of float32 matrices are computed; sums are of float32 in all. In all but the last by cuBLAS, where it is found.
enum MatrixArithmetic {
    /// As it says.
    FLOAT32(68),
    /// Factors rounded to 10 bits behind the point.
    TF32(77),
    /// Factors rounded to 7 bits behind the point.
    BFLOAT16(75),
    /// As it says, by our own kernel: those of float64, too.
    OWN(68);

    /// What cuBLAS calls float64.
    static final int DOUBLE = 70;

    /// The property that names one.
    static final String PROPERTY = "tensor.cuda.matmul";

    private final int code;

    MatrixArithmetic(int code) {
        this.code = code;
    }

    /// {@return what cuBLAS calls it}
    int code() {
        return code;
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
        return name().toLowerCase(Locale.ROOT);
    }
}
