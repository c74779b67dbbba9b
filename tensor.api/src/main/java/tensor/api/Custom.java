package tensor.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tensor.layout.ShapeException;

/// Operations with a derivative of their own.
final class Custom {
    private Custom() {}

    /// @param name what it is called in messages
    static Tensor apply(
            String name, List<Tensor> inputs, Function<List<Tensor>, Tensor> forward, Vjp vjp) {
        return apply(new Op.Custom(name, vjp), inputs, forward);
    }

    /// @param op how it is recorded
    static Tensor apply(Op op, List<Tensor> inputs, Function<List<Tensor>, Tensor> forward) {
        List<Tensor> detached = new ArrayList<>(inputs.size());
        boolean tracked = false;
        for (Tensor input : inputs) {
            detached.add(input.detach());
            tracked |= input.tracked();
        }
        Tensor result = Recording.off(() -> forward.apply(List.copyOf(detached)));
        if (result == null) {
            throw new NullPointerException(
                    "%s: the forward function gave null; it gives a tensor".formatted(op.label()));
        }
        boolean recorded = tracked && result.dtype().isFloating() && Recording.on();
        Node node = recorded ? new Node(op, inputs.toArray(new Tensor[0])) : null;
        return Tensor.made(result.device(), result.data(), node);
    }

    /// {@return what the derivative says, which must be of the shape and type of the input}
    static Tensor cotangent(Op.Custom op, int i, Tensor[] in, Tensor y, Tensor g) {
        return checked(op.name(), i, in[i], op.vjp().cotangent(i, List.of(in), y, g));
    }

    /// {@return what a derivative says, which must be of the shape and type of the input}
    static Tensor checked(String name, int i, Tensor x, Tensor share) {
        if (share == null) {
            throw new NullPointerException(
                    "%s: the derivative for input %d is null; it is a tensor like the input, %s %s"
                            .formatted(name, i, x.shape(), x.dtype()));
        }
        if (!share.shape().equals(x.shape())) {
            throw new ShapeException(
                    "%s: the derivative for input %d is %s, the input %s; they have one shape"
                            .formatted(name, i, share.shape(), x.shape()),
                    share.shape(),
                    x.shape());
        }
        if (share.dtype() != x.dtype()) {
            throw new IllegalArgumentException(
                    "%s: the derivative for input %d is %s, the input %s; cast it"
                            .formatted(name, i, share.dtype(), x.dtype()));
        }
        return share;
    }
}
