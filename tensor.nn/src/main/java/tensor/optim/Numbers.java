package tensor.optim;

import java.util.List;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// Numbers that change from step to step, as inputs of a [tensor.api.Fusion]; for many parameters made once.
final class Numbers {
    private final double[] values;
    private List<Tensor> made = List.of();

    private Numbers(double[] values) {
        this.values = values;
    }

    static Numbers of(double... values) {
        return new Numbers(values);
    }

    /// {@return tensors, and behind them the numbers in the type of the first}
    Tensor[] behind(List<Tensor> tensors) {
        Tensor like = tensors.getFirst();
        if (made.isEmpty()
                || made.getFirst().dtype() != like.dtype()
                || !made.getFirst().device().equals(like.device())) {
            made = made(like);
        }
        Tensor[] inputs = tensors.toArray(new Tensor[tensors.size() + values.length]);
        for (int i = 0; i < values.length; i++) {
            inputs[tensors.size() + i] = made.get(i);
        }
        return inputs;
    }

    private List<Tensor> made(Tensor like) {
        Tensor all =
                like.device()
                        .with(() -> Tensor.of(values, Shape.of(values.length)).cast(like.dtype()));
        Tensor[] each = new Tensor[values.length];
        for (int i = 0; i < each.length; i++) {
            each[i] = all.select(0, i);
        }
        return List.of(each);
    }
}
