package tensor.nn;

import java.util.List;
import tensor.api.Fusion;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// The greatest of several tensors, element by element; of equal ones the first takes all of the gradient. NaN is greater than
/// all.
final class Greatest {
    private static final Fusion FUSION =
            Fusion.of(
                    "greatest",
                    in -> Tensor.custom("greatest", in, Greatest::value, Greatest::share));

    private Greatest() {}

    /// {@return the greatest of some tensors of one shape}
    static Tensor of(List<Tensor> parts) {
        return FUSION.apply(parts.toArray(Tensor[]::new));
    }

    private static Tensor value(List<Tensor> in) {
        return in.stream().reduce(Tensor::maximum).orElseThrow();
    }

    /// All of `g` where this one is the greatest and none before it is.
    private static Tensor share(int input, List<Tensor> in, Tensor y, Tensor g) {
        Tensor nothing = g.device().with(() -> Tensor.full(Shape.scalar(), 0, g.dtype()));
        Tensor share = Tensor.where(is(in.get(input), y), g, nothing);
        for (Tensor before : in.subList(0, input)) {
            share = Tensor.where(is(before, y), nothing, share);
        }
        return share;
    }

    private static Tensor is(Tensor x, Tensor greatest) {
        return x.equalTo(greatest).or(x.isNaN());
    }
}
