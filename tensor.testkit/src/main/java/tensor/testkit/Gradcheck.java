package tensor.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tensor.api.Device;
import tensor.api.Gradients;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;

/// Compares derivatives with differences of function values, in float64.
///
/// ```java
/// Gradcheck.gradcheck(in -> in.get(0).matMul(in.get(1)), a, b);
/// Gradcheck.gradgradcheck(in -> in.get(0).matMul(in.get(1)), a, b);
/// ```
///
/// The function's elements are added up with fixed random weights; differences are central, of fourth order, over four
/// points up to 4·10⁻⁴ away. So the inputs have to keep that distance from kinks, and to be of moderate size.
public final class Gradcheck {
    private static final double STEP = 2e-4;
    private static final double RELATIVE = 1e-6;
    private static final double ABSOLUTE = 1e-7;

    private Gradcheck() {}

    /// Checks the gradients of a function.
    ///
    /// @param f a differentiable function, the same at every call
    /// @param at where: float64, at least one
    /// @throws AssertionError if a gradient is wrong; names input, element and both numbers
    /// @throws IllegalArgumentException if there is no input, or one is not float64
    public static void gradcheck(Function<List<Tensor>, Tensor> f, Tensor... at) {
        device("gradcheck", at).run(() -> check("gradcheck", objective(f), List.of(at)));
    }

    /// Checks the gradients of the gradients of a function, also by the weights of its elements, which are the cotangent
    /// of the first ones.
    ///
    /// @param f a twice differentiable function, the same at every call
    /// @param at where: float64, at least one
    /// @throws AssertionError if a second derivative is wrong; names input (the last one is the weights), element and both
    ///     numbers
    /// @throws IllegalArgumentException if there is no input, or one is not float64
    public static void gradgradcheck(Function<List<Tensor>, Tensor> f, Tensor... at) {
        device("gradgradcheck", at)
                .run(() -> {
                    List<Tensor> points = new ArrayList<>(List.of(at));
                    points.add(weights(1, Tensor.noGrad(() -> f.apply(List.of(at)))));
                    check("gradgradcheck", slope(f), points);
                });
    }

    private static Device device(String where, Tensor[] at) {
        if (at.length == 0) {
            throw new IllegalArgumentException(where + ": there is no input; give one or more");
        }
        return at[0].device();
    }

    private static void check(
            String where, Function<List<Tensor>, Tensor> scalar, List<Tensor> at) {
        for (int i = 0; i < at.size(); i++) {
            if (at.get(i).dtype() != DType.FLOAT64) {
                throw new IllegalArgumentException(
                        "%s: input %d is %s; differences need float64"
                                .formatted(where, i, at.get(i).dtype()));
            }
        }
        List<Tensor> leaves = leaves(at);
        List<Tensor> gradients = Gradients.of(scalar.apply(leaves), leaves);
        for (int i = 0; i < at.size(); i++) {
            double[] found = gradients.get(i).toDoubles();
            for (int k = 0; k < found.length; k++) {
                double wanted = difference(scalar, at, i, k);
                if (!(Math.abs(found[k] - wanted) <= ABSOLUTE + RELATIVE * Math.abs(wanted))) {
                    fail(
                            "%s: by element %d of input %d, %s, the derivative is %s, differences give %s"
                                    .formatted(where, k, i, at.get(i).shape(), found[k], wanted));
                }
            }
        }
    }

    /// The function's elements, added up with weights.
    private static Function<List<Tensor>, Tensor> objective(Function<List<Tensor>, Tensor> f) {
        return in -> {
            Tensor y = f.apply(in);
            return y.mul(weights(1, y)).sum();
        };
    }

    /// The derivative of the objective along a fixed direction; the last input is the weights.
    private static Function<List<Tensor>, Tensor> slope(Function<List<Tensor>, Tensor> f) {
        return in -> {
            List<Tensor> tracked = in.getFirst().tracked() ? in : leaves(in);
            List<Tensor> inputs = tracked.subList(0, tracked.size() - 1);
            Tensor objective = f.apply(inputs).mul(tracked.getLast()).sum();
            List<Tensor> gradients = Gradients.differentiable(objective, inputs);
            Tensor sum = Tensor.scalar(0.0);
            for (int i = 0; i < gradients.size(); i++) {
                Tensor gradient = gradients.get(i);
                sum = sum.add(gradient.mul(weights(2 + i, gradient)).sum());
            }
            return sum;
        };
    }

    private static Tensor weights(long which, Tensor like) {
        return Tensor.normal(RandomKey.of(which), like.shape(), DType.FLOAT64);
    }

    private static List<Tensor> leaves(List<Tensor> values) {
        return values.stream().map(x -> x.detach().requireGradient()).toList();
    }

    private static double difference(
            Function<List<Tensor>, Tensor> f, List<Tensor> at, int input, int element) {
        double near = moved(f, at, input, element, STEP) - moved(f, at, input, element, -STEP);
        double far =
                moved(f, at, input, element, 2 * STEP) - moved(f, at, input, element, -2 * STEP);
        return (8 * near - far) / (12 * STEP);
    }

    private static double moved(
            Function<List<Tensor>, Tensor> f, List<Tensor> at, int input, int element, double by) {
        double[] x = at.get(input).toDoubles();
        x[element] += by;
        List<Tensor> there = new ArrayList<>(at);
        there.replaceAll(Tensor::detach);
        there.set(input, Tensor.of(x, at.get(input).shape()));
        return f.apply(there).item();
    }
}
