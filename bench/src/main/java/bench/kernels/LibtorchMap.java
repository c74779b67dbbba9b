package bench.kernels;

import bench.Side;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A function by libtorch.
public final class LibtorchMap implements Side {
    private final Mapping.Function function;
    private final Tensor a;
    private final Tensor b;

    /// This function.
    ///
    /// @param mapping which; its values are copied
    /// @param threads how many compute
    /// @throws LinkageError if libtorch is not there
    public LibtorchMap(Mapping mapping, int threads) {
        torch.set_num_threads(threads);
        function = mapping.function();
        a = Tensor.create(mapping.first().toFloats());
        b = Tensor.create(mapping.second().toFloats());
    }

    @Override
    public double run() {
        try (var _ = new PointerScope()) {
            return result().reshape(-1).select(0, -1).item_float();
        }
    }

    private Tensor result() {
        return switch (function) {
            case COPY -> a.clone();
            case ADD -> a.add(b);
            case MUL -> a.mul(b);
            case EXP -> a.exp();
            case LOG -> a.log();
            case TANH -> a.tanh();
            case ERF -> a.erf();
            case SUM -> a.sum();
            case MAX -> a.max();
        };
    }
}
