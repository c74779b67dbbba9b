package tensor.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tensor.layout.ShapeException;

/// Gradients as values: functions of a loss and of what it is differentiated by. Nothing is stored
/// anywhere.
///
/// The result has the order of `wrt`, each gradient the shape and dtype of its tensor, and zeros
/// where the loss does not depend on it. A tensor that is not tracked is an error; a parameter that was changed on the way
/// counts with all its values, one that [stands aside][Parameter#replaced] with what stands in its place. For gradients in the parameters see [Tensor#backward].
///
/// ```java
/// Tensor slope = Gradients.differentiable(y.sum(), List.of(x)).getFirst();
/// Tensor curvature = Gradients.of(slope.sum(), List.of(x)).getFirst();
/// ```
public final class Gradients {
    private Gradients() {}

    /// {@return the gradients of a scalar, detached: they have no gradients of their own}
    ///
    /// @param loss one floating-point number
    /// @param wrt tensors or parameters
    /// @throws ShapeException if `loss` has more or less than one element
    public static List<Tensor> of(Tensor loss, List<? extends Differentiable> wrt) {
        return Recording.off(() -> sweep(loss, seed(loss), wrt));
    }

    /// {@return the vector-Jacobian products of an output with a cotangent, detached}
    ///
    /// @param output any floating-point tensor
    /// @param cotangent the weight of each element of `output`, of its shape and dtype
    /// @param wrt tensors or parameters
    /// @throws ShapeException if the shapes of `output` and `cotangent` differ
    public static List<Tensor> of(
            Tensor output, Tensor cotangent, List<? extends Differentiable> wrt) {
        return Recording.off(() -> sweep(output, checked(output, cotangent), wrt));
    }

    /// {@return the gradients of a scalar, recorded: they can be differentiated again}
    ///
    /// @param loss one floating-point number
    /// @param wrt tensors or parameters
    /// @throws ShapeException if `loss` has more or less than one element
    public static List<Tensor> differentiable(Tensor loss, List<? extends Differentiable> wrt) {
        return sweep(loss, seed(loss), wrt);
    }

    /// {@return the vector-Jacobian products of an output with a cotangent, recorded: they can be
    /// differentiated again, by the cotangent too}
    ///
    /// @param output any floating-point tensor
    /// @param cotangent the weight of each element of `output`, of its shape and dtype
    /// @param wrt tensors or parameters
    /// @throws ShapeException if the shapes of `output` and `cotangent` differ
    public static List<Tensor> differentiable(
            Tensor output, Tensor cotangent, List<? extends Differentiable> wrt) {
        return sweep(output, checked(output, cotangent), wrt);
    }

    /// Adds the gradient of `loss` to each parameter that leads to it.
    static void backward(Tensor loss) {
        accumulate(loss, reached(loss));
    }

    /// Adds the gradient of `loss` to each of some parameters that leads to it.
    static void backward(Tensor loss, Collection<Parameter> wanted) {
        Map<Parameter, List<Tensor>> reached = reached(loss);
        reached.keySet().retainAll(new HashSet<>(wanted));
        if (reached.isEmpty()) {
            throw new IllegalStateException(
                    "backward: none of the %d parameters that are to get gradients leads to %s; give the loss that is theirs"
                            .formatted(wanted.size(), loss));
        }
        accumulate(loss, reached);
    }

    private static Map<Parameter, List<Tensor>> reached(Tensor loss) {
        if (!loss.tracked()) {
            throw new IllegalStateException(
                    "backward: "
                            + loss
                            + " is not tracked: no parameter that requires gradients leads to it, or it"
                            + " was computed under noGrad");
        }
        Map<Parameter, List<Tensor>> reached = Sweep.parameters(loss);
        if (reached.isEmpty()) {
            throw new IllegalStateException(
                    "backward: no parameter leads to "
                            + loss
                            + "; for gradients of tensors use Gradients.of");
        }
        return reached;
    }

    private static void accumulate(Tensor loss, Map<Parameter, List<Tensor>> reached) {
        var lookups = Sweep.lookups(loss, rowSparse(reached));
        List<Tensor> wanted = new ArrayList<>();
        for (List<Tensor> leaves : reached.values()) {
            leaves.forEach(leaf -> wanted.addAll(lookups.getOrDefault(leaf, List.of(leaf))));
        }
        Iterator<Tensor> gradients = of(loss, wanted).iterator();
        reached.forEach((parameter, leaves) -> {
            for (Tensor leaf : leaves) {
                var own = lookups.get(leaf);
                if (own == null) {
                    parameter.accumulate(gradients.next());
                } else {
                    parameter.accumulate(ofRows(own, gradients));
                }
            }
        });
    }

    private static Set<Tensor> rowSparse(Map<Parameter, List<Tensor>> reached) {
        Set<Tensor> tables = new HashSet<>();
        reached.forEach((parameter, leaves) -> {
            if (parameter.rowSparse()) {
                tables.addAll(leaves);
            }
        });
        return tables;
    }

    /// Added from the last look-up to the first, as the sweep adds what comes back to one tensor.
    private static RowGradient ofRows(List<Tensor> lookups, Iterator<Tensor> cotangents) {
        return lookups.stream()
                .map(lookup -> Rows.gradient(lookup, cotangents.next()))
                .toList()
                .reversed()
                .stream()
                .reduce(RowGradient::plus)
                .orElseThrow();
    }

    private static List<Tensor> sweep(
            Tensor output, Tensor cotangent, List<? extends Differentiable> wrt) {
        List<List<Tensor>> leaves = leaves(output, wrt);
        List<Tensor> wanted = leaves.stream().flatMap(List::stream).toList();
        Iterator<@Nullable Tensor> found = Sweep.run(output, cotangent, wanted).iterator();
        List<Tensor> gradients = new ArrayList<>(wrt.size());
        for (int i = 0; i < wrt.size(); i++) {
            Tensor sum = null;
            for (int n = leaves.get(i).size(); n > 0; n--) {
                Tensor share = found.next();
                sum = sum == null || share == null ? firstOf(sum, share) : sum.add(share);
            }
            gradients.add(sum == null ? zeros(wrt.get(i)) : sum);
        }
        return List.copyOf(gradients);
    }

    private static @Nullable Tensor firstOf(@Nullable Tensor a, @Nullable Tensor b) {
        return a == null ? b : a;
    }

    private static Tensor zeros(Differentiable like) {
        return switch (like) {
            case Tensor tensor -> Sources.zeros(tensor);
            case Parameter parameter -> Sources.zeros(parameter.value());
        };
    }

    /// {@return what each is in the graph} A parameter is what stands in its place, or every leaf that it has had there.
    private static List<List<Tensor>> leaves(Tensor output, List<? extends Differentiable> wrt) {
        Map<Parameter, List<Tensor>> reached =
                wrt.stream().anyMatch(Parameter.class::isInstance)
                        ? Sweep.parameters(output)
                        : Map.of();
        List<List<Tensor>> leaves = new ArrayList<>(wrt.size());
        for (int i = 0; i < wrt.size(); i++) {
            leaves.add(
                    switch (wrt.get(i)) {
                        case Tensor tensor -> List.of(checkedTracked(i, tensor));
                        case Parameter parameter -> {
                            Tensor standIn = parameter.standIn();
                            yield standIn == null
                                    ? reached.getOrDefault(parameter, List.of())
                                    : List.of(standIn);
                        }
                    });
        }
        return leaves;
    }

    private static Tensor checkedTracked(int number, Tensor x) {
        if (!x.tracked()) {
            throw new IllegalArgumentException(
                    "Gradients.of: number %d, %s, is not tracked, so nothing depends on it; compute with what its requireGradient() returns, and ask for that"
                            .formatted(number, x));
        }
        return x;
    }

    private static Tensor seed(Tensor loss) {
        Checks.floating("Gradients.of", loss);
        if (loss.elementCount() != 1) {
            throw new ShapeException(
                    "Gradients.of: loss has shape "
                            + loss.shape()
                            + "; a gradient starts from a scalar: use sum() or mean()",
                    loss.shape());
        }
        return Sources.ones(loss);
    }

    private static Tensor checked(Tensor output, Tensor cotangent) {
        Checks.floating("Gradients.of", output);
        Checks.sameDType("Gradients.of", output, cotangent);
        if (!output.shape().equals(cotangent.shape())) {
            throw new ShapeException(
                    "Gradients.of: the cotangent has shape "
                            + cotangent.shape()
                            + ", the output "
                            + output.shape(),
                    cotangent.shape(),
                    output.shape());
        }
        return cotangent;
    }
}
