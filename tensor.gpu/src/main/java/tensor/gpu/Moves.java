package tensor.gpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tensor.layout.DType;
import tensor.spi.Operand;

/// What sets elements without computing: one bit pattern everywhere, and the same numbers in another type.
final class Moves {
    /// The number of a type is its place here.
    private static final List<DType> TYPES = List.of(DType.values());

    private final Kernels kernels;

    Moves(Kernels kernels) {
        this.kernels = kernels;
    }

    void fill(Operand out, long bits) {
        String name = "fill_" + GpuBackend.bits(out.dtype()).name();
        Driver.Kernel kernel = kernels.get("fill", name, Moves::fills);
        Walk.over(out.layout())
                .forEachPart(walk ->
                        kernels.forEach(
                                kernel,
                                walk.count(),
                                List.of(
                                        walk.argument(),
                                        GpuBackend.memory(out),
                                        walk.place(0),
                                        new Driver.Numbers(bits))));
    }

    void cast(Operand x, Operand out) {
        Driver.Kernel kernel =
                kernels.get("cast", "cast", () -> KernelText.of("cast.k", List.of(codes())));
        Walk.over(out.layout(), x.layout())
                .forEachPart(walk ->
                        kernels.forEach(
                                kernel,
                                walk.count(),
                                List.of(
                                        walk.argument(),
                                        new Driver.Numbers(TYPES.indexOf(x.dtype())),
                                        new Driver.Numbers(TYPES.indexOf(out.dtype())),
                                        GpuBackend.memory(out),
                                        walk.place(0),
                                        GpuBackend.memory(x),
                                        walk.place(1))));
    }

    private static KernelText fills() {
        return KernelText.of(
                "fill.k",
                GpuBackend.BITS.stream()
                        .map(type ->
                                Map.of(KernelText.NAME, "fill_" + type.name(), "T", type.name()))
                        .toList());
    }

    /// {@return the number of each type}
    private static Map<String, String> codes() {
        Map<String, String> codes = new HashMap<>();
        codes.put(KernelText.NAME, "cast");
        for (DType dtype : TYPES) {
            codes.put("CODE_" + dtype.name(), Integer.toString(TYPES.indexOf(dtype)));
        }
        return codes;
    }
}
