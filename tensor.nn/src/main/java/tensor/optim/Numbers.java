package tensor.optim;

import java.util.List;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// Numbers that change from step to step, as inputs of a [tensor.api.Fusion].
final class Numbers {
    private Numbers() {}

    /// {@return tensors, and behind them numbers of the type of the first}
    static Tensor[] behind(List<Tensor> tensors, double... numbers) {
        Tensor like = tensors.getFirst();
        Tensor all =
                like.device()
                        .with(() ->
                                Tensor.of(numbers, Shape.of(numbers.length)).cast(like.dtype()));
        Tensor[] inputs = tensors.toArray(new Tensor[tensors.size() + numbers.length]);
        for (int i = 0; i < numbers.length; i++) {
            inputs[tensors.size() + i] = all.select(0, i);
        }
        return inputs;
    }
}
