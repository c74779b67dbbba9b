package tensor.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The reverse sweep: one walk over the graph of a tensor, from it back to the wanted ones.
///
/// Iterative, so that a graph may be deeper than the stack. Only what leads to a wanted tensor is
/// computed. What comes back is kept in [Cotangents], and where nothing is recorded released as soon as it has been used.
final class Sweep {
    private Sweep() {}

    /// {@return the cotangents of the wanted tensors; null where the output does not depend on one}
    ///
    /// @param output where the sweep starts
    /// @param cotangent that of `output`
    /// @param wanted where it goes, in the order of the result; a tensor may stand there twice
    static List<@Nullable Tensor> run(Tensor output, Tensor cotangent, List<Tensor> wanted) {
        return Recording.on()
                ? run(output, cotangent, wanted, new Cotangents())
                : TensorScope.call(
                        "gradients",
                        scope -> {
                            var found =
                                    run(output, cotangent, wanted, new ReleasedCotangents(scope));
                            found.stream().filter(Objects::nonNull).forEach(scope::keep);
                            return found;
                        });
    }

    private static List<@Nullable Tensor> run(
            Tensor output, Tensor cotangent, List<Tensor> wanted, Cotangents cotangents) {
        Set<Tensor> goals = new HashSet<>(wanted);
        List<Tensor> order = inputsFirst(output);
        Set<Tensor> leads = leading(order, goals);
        if (leads.contains(output)) {
            cotangents.add(output, cotangent);
        }
        for (int at = order.size() - 1; at >= 0; at--) {
            Tensor y = order.get(at);
            cotangents.settle(y);
            Node node = y.node();
            Tensor g = cotangents.of(y);
            if (node != null && g != null) {
                cotangents.pass(node, y, g, leads);
            }
            if (!goals.contains(y)) {
                cotangents.forget(y);
            }
        }
        List<@Nullable Tensor> result = new ArrayList<>(wanted.size());
        for (Tensor goal : wanted) {
            result.add(cotangents.of(goal));
        }
        return result;
    }

    /// {@return the parameters that lead to a tensor, with the leaves that stand for them in its graph} A parameter has
    /// another leaf after each change.
    static Map<Parameter, List<Tensor>> parameters(Tensor output) {
        Map<Parameter, List<Tensor>> reached = new LinkedHashMap<>();
        for (Tensor x : inputsFirst(output)) {
            Parameter parameter = x.parameter();
            if (parameter != null) {
                reached.computeIfAbsent(parameter, _ -> new ArrayList<>()).add(x);
            }
        }
        return reached;
    }

    /// {@return the look-ups of rows of some tables, see [Rows#lookups]}
    static Map<Tensor, List<Tensor>> lookups(Tensor output, Set<Tensor> tables) {
        return tables.isEmpty() ? Map.of() : Rows.lookups(inputsFirst(output), tables);
    }

    /// {@return every tracked tensor that leads to `output`, and itself, inputs before what is made
    /// of them}
    private static List<Tensor> inputsFirst(Tensor output) {
        List<Tensor> order = new ArrayList<>();
        Set<Tensor> entered = new HashSet<>();
        Deque<Visit> path = new ArrayDeque<>();
        if (output.tracked()) {
            entered.add(output);
            path.push(new Visit(output));
        }
        while (!path.isEmpty()) {
            Visit visit = path.peek();
            Tensor next = visit.nextInput();
            if (next == null) {
                order.add(visit.tensor);
                path.pop();
            } else if (next.tracked() && entered.add(next)) {
                path.push(new Visit(next));
            }
        }
        return order;
    }

    private static Set<Tensor> leading(List<Tensor> inputsFirst, Set<Tensor> goals) {
        Set<Tensor> leads = new HashSet<>();
        for (Tensor y : inputsFirst) {
            boolean found = goals.contains(y);
            Node node = y.node();
            if (node != null) {
                for (int i = 0; i < node.inputs.length && !found; i++) {
                    found = leads.contains(node.inputs[i]);
                }
            }
            if (found) {
                leads.add(y);
            }
        }
        return leads;
    }

    /// A tensor whose inputs are being walked through.
    private static final class Visit {
        private final Tensor tensor;
        private int next;

        private Visit(Tensor tensor) {
            this.tensor = tensor;
        }

        private @Nullable Tensor nextInput() {
            Node node = tensor.node();
            return node != null && next < node.inputs.length ? node.inputs[next++] : null;
        }
    }
}
