package tensor.api;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// How a [Composite] is applied, and its derivative found.
final class Written {
    private Written() {}

    static Tensor apply(Composite by, List<Tensor> inputs) {
        if (AnomalyMode.on()) { // its operations one after the other
            return by.definition(inputs);
        }
        List<Tensor> detached = inputs.stream().map(Tensor::detach).toList();
        boolean tracked = Recording.on() && inputs.stream().anyMatch(Tensor::tracked);
        Composite.Forward forward =
                Recording.off(() ->
                        TensorScope.call(by.name(), scope -> kept(by, detached, tracked, scope)));
        Tensor value = forward.value();
        Node node =
                tracked ? new Node(new Op.Whole(by, forward), inputs.toArray(Tensor[]::new)) : null;
        return Tensor.made(value.device(), value.data(), node);
    }

    /// What is remembered stays only if something is recorded.
    private static Composite.Forward kept(
            Composite by, List<Tensor> inputs, boolean tracked, TensorScope scope) {
        Composite.Forward forward = by.forward(inputs);
        scope.keep(forward.value());
        if (tracked) {
            forward.residuals().forEach(scope::keep);
        }
        return forward;
    }

    /// {@return the cotangents of the wanted inputs, in their order}
    static List<Tensor> cotangents(Op.Whole op, Tensor[] in, Tensor g, BitSet wanted) {
        Composite by = op.by();
        boolean isComplete = op.forward().residuals().stream().allMatch(Tensor::isAlive);
        if (Recording.on() || !isComplete) {
            return throughDefinition(by, in, g, wanted);
        }
        List<Tensor> all = by.cotangents(List.of(in), op.forward(), g);
        if (all.size() != in.length) {
            throw new IllegalStateException(
                    "%s: %d cotangents for %d inputs; give one for each"
                            .formatted(by.name(), all.size(), in.length));
        }
        List<Tensor> shares = new ArrayList<>();
        for (int i = 0; i < in.length; i++) {
            if (wanted.get(i)) {
                shares.add(Custom.checked(by.name(), i, in[i], all.get(i)));
            }
        }
        return shares;
    }

    private static List<Tensor> throughDefinition(
            Composite by, Tensor[] in, Tensor g, BitSet wanted) {
        boolean recording = Recording.on();
        return Recording.on(() -> {
            List<Tensor> inputs = new ArrayList<>();
            List<Tensor> goals = new ArrayList<>();
            for (int i = 0; i < in.length; i++) {
                inputs.add(wanted.get(i) ? Fusion.alone(in[i], recording) : in[i]);
                if (wanted.get(i)) {
                    goals.add(inputs.get(i));
                }
            }
            List<Tensor> found = Gradients.differentiable(by.definition(inputs), g, goals);
            return recording ? found : found.stream().map(Tensor::detach).toList();
        });
    }
}
