package tensor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tensor.layout.DType;

/// The texts of the kernels that multiply matrices.
final class ProductText {
    /// Threads of a group where each multiplies for itself.
    static final int THREADS = 256;

    /// Threads of a group where 32 multiply together.
    static final int MMA_THREADS = 128;

    /// Rows that a thread of the kernel with vectors makes.
    static final int ROWS = 6;

    private static final int MMA_DEPTH = 16;
    private static final List<DType> TYPES = List.of(DType.FLOAT32, DType.FLOAT64);

    private ProductText() {}

    /// {@return the name of the kernel of a type}
    static String name(DType dtype) {
        return "product_" + dtype.name();
    }

    /// {@return the name of the kernel that rounds factors}
    static String name(Factors factors) {
        return "product_of_" + factors.name();
    }

    /// {@return how many elements a vector of 512 bits has}
    static int lanes(DType dtype) {
        return Long.BYTES * 8 / dtype.byteSize();
    }

    /// {@return the kernels with vectors, one of each type}
    static KernelText vectors() {
        List<Map<String, String>> variants = new ArrayList<>();
        for (DType dtype : TYPES) {
            int lanes = lanes(dtype);
            String type = dtype == DType.FLOAT32 ? "float" : "double";
            variants.add(
                    Map.of(
                            KernelText.NAME,
                            name(dtype),
                            "T",
                            dtype.name(),
                            "VECTOR",
                            type + lanes,
                            "LOAD",
                            "vload" + lanes,
                            "STORE",
                            "vstore" + lanes,
                            "LANES",
                            Integer.toString(lanes),
                            "ROWS",
                            Integer.toString(ROWS)));
        }
        return of(List.of("products.h"), List.of("matmul-vectors.k"), variants);
    }

    /// {@return the kernels with tiles, one of each type that they are for}
    static KernelText tiled(ProductTile tile) {
        List<Map<String, String>> variants = new ArrayList<>();
        for (DType dtype : tile == ProductTile.LARGE ? List.of(DType.FLOAT32) : TYPES) {
            variants.add(
                    Map.of(
                            KernelText.NAME,
                            name(dtype),
                            "T",
                            dtype.name(),
                            "TILE",
                            Integer.toString(tile.size()),
                            "SIDE",
                            Integer.toString(tile.side()),
                            "DEPTH",
                            Integer.toString(tile.depth()),
                            "THREADS",
                            Integer.toString(THREADS),
                            "PACK",
                            "1",
                            "WORD",
                            dtype.name(),
                            "WORD_OF(x, y)",
                            "(x)",
                            "TURN(word)",
                            "((-((word) >> 2) & 3) << 3)"));
        }
        return of(List.of("products.h"), List.of("matmul-tiles.h", "matmul-tiled.k"), variants);
    }

    /// {@return the kernels that multiply by units for matrices, one for each way to round factors}
    static KernelText mma(ProductTile tile) {
        List<Map<String, String>> variants = new ArrayList<>();
        for (Factors factors : List.of(Factors.TF32, Factors.BFLOAT16)) {
            Map<String, String> macros =
                    new TreeMap<>(
                            Map.of(
                                    KernelText.NAME,
                                    name(factors),
                                    "T",
                                    DType.FLOAT32.name(),
                                    "TILE",
                                    Integer.toString(tile.size()),
                                    "DEPTH",
                                    Integer.toString(MMA_DEPTH),
                                    "THREADS",
                                    Integer.toString(MMA_THREADS),
                                    "PACK",
                                    factors == Factors.TF32 ? "1" : "2",
                                    "WORD",
                                    "UINT",
                                    "WORD_OF(x, y)",
                                    "ROUNDED_%s(x, y)".formatted(factors),
                                    "TURN(word)",
                                    "((((word) ^ -((word) >> 2)) & 3) << 3)"));
            macros.put("MMA(c, a, b)", "MMA_%s(c, a, b)".formatted(factors));
            variants.add(macros);
        }
        return of(
                List.of("products.h", "matmul-mma.h"),
                List.of("matmul-tiles.h", "matmul-mma.k"),
                variants);
    }

    /// {@return kernels of resources}
    ///
    /// @param once resources that stand in front
    /// @param each resources that are repeated
    /// @param variants for each repetition the macros, some with parameters
    private static KernelText of(
            List<String> once, List<String> each, List<Map<String, String>> variants) {
        List<String> names = new ArrayList<>();
        var text = new StringBuilder();
        once.forEach(file -> text.append(KernelText.resource(file)).append('\n'));
        for (Map<String, String> macros : variants) {
            names.add(macros.getOrDefault(KernelText.NAME, ""));
            var sorted = new TreeMap<>(macros);
            sorted.forEach(
                    (macro, value) -> text.append("#define %s %s\n".formatted(macro, value)));
            each.forEach(file -> text.append(KernelText.resource(file)));
            sorted.keySet()
                    .forEach(macro ->
                            text.append("#undef %s\n".formatted(macro.replaceFirst("\\(.*", ""))));
        }
        return KernelText.of(names, text.toString());
    }
}
