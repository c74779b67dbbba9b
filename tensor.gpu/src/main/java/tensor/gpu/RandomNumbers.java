package tensor.gpu;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tensor.layout.DType;
import tensor.spi.Operand;

/// Random numbers without state, see [tensor.spi.Backend#random].
final class RandomNumbers {
    /// How many elements a block of four words makes; in order, so that the text is the same each time.
    private static final Map<DType, Integer> OF_BLOCK =
            new EnumMap<>(Map.of(DType.FLOAT32, 4, DType.FLOAT64, 2, DType.INT64, 2));

    private final Kernels kernels;

    RandomNumbers(Kernels kernels) {
        this.kernels = kernels;
    }

    void run(long key, long stream, Operand out) {
        DType dtype = out.dtype();
        if (!OF_BLOCK.containsKey(dtype)) {
            throw new IllegalArgumentException(
                    "random: not defined on " + dtype + "; cast afterwards");
        }
        int ofBlock = OF_BLOCK.getOrDefault(dtype, 0);
        Driver.Kernel kernel = kernels.get("random", "random_" + dtype.name(), RandomNumbers::all);
        long count = out.shape().elementCount();
        var numbers = new Driver.Numbers(key, stream, out.layout().offset(), count);
        kernels.forEach(
                kernel, Math.ceilDiv(count, ofBlock), List.of(numbers, GpuBackend.memory(out)));
    }

    private static KernelText all() {
        List<Map<String, String>> variants = new ArrayList<>();
        OF_BLOCK.forEach((dtype, count) ->
                variants.add(
                        Map.of(
                                KernelText.NAME,
                                "random_" + dtype.name(),
                                "T",
                                dtype.name(),
                                "PER_BLOCK",
                                Integer.toString(count),
                                "RANDOM",
                                "element_" + dtype.name())));
        return KernelText.of("random.k", variants);
    }
}
