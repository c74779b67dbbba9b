package tensor.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Operations with a derivative of their own.
final class Custom {
    private Custom() {}

    /// @param name what it is called in messages
    static Tensor apply(
            String name, List<Tensor> inputs, Function<List<Tensor>, Tensor> forward, Vjp vjp) {
        List<Tensor> detached = new ArrayList<>(inputs.size());
        boolean tracked = false;
        for (Tensor input : inputs) {
            detached.add(input.detach());
            tracked |= input.tracked();
        }
        Tensor result = Recording.off(() -> forward.apply(List.copyOf(detached)));
        boolean recorded = tracked && result.dtype().isFloating() && Recording.on();
        Node node =
                recorded ? new Node(new Op.Custom(name, vjp), inputs.toArray(new Tensor[0])) : null;
        return Tensor.made(result.device(), result.data(), node);
    }
}
