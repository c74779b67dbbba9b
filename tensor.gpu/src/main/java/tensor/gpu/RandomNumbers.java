package tensor.gpu;

import java.util.List;
import java.util.Map;
import tensor.layout.DType;
import tensor.spi.Operand;

/// Random numbers without state, see [tensor.spi.Backend#random].
final class RandomNumbers {
    private final Kernels kernels;

    RandomNumbers(Kernels kernels) {
        this.kernels = kernels;
    }

    void run(long key, long stream, Operand out) {
        DType dtype = out.dtype();
        int ofBlock =
                switch (dtype) {
                    case FLOAT32 -> 4;
                    case FLOAT64, INT64 -> 2;
                    case FLOAT16, BFLOAT16, INT32, UINT8, BOOL ->
                            throw new IllegalArgumentException(
                                    "random: not defined on " + dtype + "; cast afterwards");
                };
        Map<String, String> macros =
                Map.of(
                        "T", dtype.name(),
                        "PER_BLOCK", Integer.toString(ofBlock),
                        "RANDOM", "random_" + dtype.name());
        Driver.Kernel kernel =
                kernels.get(
                        List.of("random", dtype),
                        () -> KernelText.of("random.k", "random_numbers", macros));
        long count = out.shape().elementCount();
        var numbers = new Driver.Numbers(key, stream, out.layout().offset(), count);
        kernels.forEach(
                kernel, Math.ceilDiv(count, ofBlock), List.of(numbers, GpuBackend.memory(out)));
    }
}
