package bench.kernels;

import bench.Side;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// A function by our engine.
public final class OurMap implements Side {
    private final TensorScope scope = TensorScope.of("map");
    private final Mapping.Function function;
    private final Tensor a;
    private final Tensor b;
    private double element;

    /// This function.
    ///
    /// @param mapping which
    public OurMap(Mapping mapping) {
        function = mapping.function();
        a = mapping.first();
        b = mapping.second();
    }

    @Override
    public double run() {
        scope.run(() -> element = result().flatten().select(0, -1).item());
        return element;
    }

    private Tensor result() {
        return switch (function) {
            case COPY -> a.copy();
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
