package tensor.api;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What has come back to each tensor so far in a [Sweep]. Everything is recorded and stays.
class Cotangents {
    private final Map<Tensor, Tensor> sums = new HashMap<>();

    /// {@return what has come back to a tensor; null if nothing has}
    final @Nullable Tensor of(Tensor x) {
        return sums.get(x);
    }

    /// Replaces what has come back to a tensor.
    final void set(Tensor x, Tensor sum) {
        sums.put(x, sum);
    }

    /// Says that nothing more comes back to a tensor.
    void settle(Tensor x) {}

    /// Adds to what has come back to a tensor.
    void add(Tensor x, Tensor share) {
        Tensor sum = of(x);
        set(x, sum == null ? share : sum.add(share));
    }

    /// Says that what has come back to a tensor is not needed any more.
    void forget(Tensor x) {
        sums.remove(x);
    }

    /// Hands what has come back to a result on to the inputs it was made of.
    ///
    /// @param node how `y` was made
    /// @param y the result
    /// @param g its cotangent
    /// @param leads the tensors whose cotangents are asked for
    void pass(Node node, Tensor y, Tensor g, Set<Tensor> leads) {
        if (isAtOnce(node.op)) {
            passAtOnce(node, y, g, leads);
            return;
        }
        for (int i = 0; i < node.inputs.length; i++) {
            if (leads.contains(node.inputs[i])) {
                add(node.inputs[i], share(node, i, y, g));
            }
        }
    }

    /// Whether the cotangents of all inputs are computed together.
    static boolean isAtOnce(Op op) {
        return op instanceof Op.Fused || op instanceof Op.Whole;
    }

    final void passAtOnce(Node node, Tensor y, Tensor g, Set<Tensor> leads) {
        Tensor[] in = node.inputs;
        BitSet wanted = new BitSet(in.length);
        for (int i = 0; i < in.length; i++) {
            wanted.set(i, leads.contains(in[i]));
        }
        List<Tensor> shares =
                node.op instanceof Op.Fused fused
                        ? fused.fusion().cotangents(fused.result(), in, y, g, wanted)
                        : Written.cotangents((Op.Whole) node.op, in, g, wanted);
        int next = 0;
        for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
            add(in[i], shares.get(next++));
        }
    }

    static Tensor share(Node node, int input, Tensor y, Tensor g) {
        if (!AnomalyMode.on()) {
            return Derivatives.vjp(node.op, input, node.inputs, y, g);
        }
        Tensor share =
                AnomalyMode.derivative(
                        node, () -> Derivatives.vjp(node.op, input, node.inputs, y, g));
        AnomalyMode.check(node, input, g, share);
        return share;
    }
}
