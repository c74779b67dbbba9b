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

    /// What those before leave of `g`, where this one is the greatest; the last one takes all of it.
    private static Tensor share(int input, List<Tensor> in, Tensor y, Tensor g) {
        Tensor nothing = g.device().with(() -> Tensor.full(Shape.scalar(), 0, g.dtype()));
        Tensor left = g;
        for (Tensor before : in.subList(0, input)) {
            left = whereGreatest(before, y, nothing, left);
        }
        boolean isLast = input == in.size() - 1;
        return isLast ? left : whereGreatest(in.get(input), y, left, nothing);
    }

    private static Tensor whereGreatest(Tensor x, Tensor y, Tensor then, Tensor otherwise) {
        Tensor ofNumbers = Tensor.where(x.equalTo(x), otherwise, then);
        return Tensor.where(x.equalTo(y), then, ofNumbers);
    }
}
