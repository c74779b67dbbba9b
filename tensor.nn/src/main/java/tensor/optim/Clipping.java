package tensor.optim;

import java.util.List;
import java.util.Optional;
import tensor.api.Parameter;
import tensor.api.Tensor;

/// Keeps gradients from growing too large.
public final class Clipping {
    /// Keeps the factor finite when all gradients are zero, as in PyTorch.
    private static final double NORM_EPSILON = 1e-6;

    private Clipping() {}

    /// {@return the norm of all elements of all gradients together, a scalar; 0 without gradients}
    ///
    /// @param gradients all that count together
    /// @param normType 1 for the sum of absolute values, 2 for the Euclidean norm, infinity for the largest absolute
    ///     value, or another positive number
    public static Tensor globalNorm(List<Tensor> gradients, double normType) {
        if (!(normType > 0)) {
            throw new IllegalArgumentException(
                    "globalNorm: normType is " + normType + "; use a number above 0");
        }
        if (gradients.isEmpty()) {
            return Tensor.scalar(0f);
        }
        boolean largest = Double.isInfinite(normType);
        Tensor[] parts =
                gradients.stream()
                        .filter(g -> g.elementCount() > 0)
                        .map(g -> largest ? g.abs().max() : power(g, normType).sum())
                        .toArray(Tensor[]::new);
        if (parts.length == 0) {
            return gradients.getFirst().sum();
        }
        Tensor all = Tensor.stack(0, parts);
        return largest ? all.max() : normType == 2 ? all.sum().sqrt() : all.sum().pow(1 / normType);
    }

    /// {@return the gradients, scaled by min(1, maxNorm / (norm + 1e-6))}
    ///
    /// @param gradients all that count together
    /// @param maxNorm the largest norm that is left as it is, from 0
    /// @param normType as for [#globalNorm]
    public static List<Tensor> byGlobalNorm(
            List<Tensor> gradients, double maxNorm, double normType) {
        Tensor factor = factor(globalNorm(gradients, normType), maxNorm);
        return gradients.stream().map(g -> g.mul(factor)).toList();
    }

    /// {@return the gradients with every element brought between −`limit` and `limit`}
    ///
    /// @param gradients all that count together
    /// @param limit the largest absolute value that is left as it is, from 0
    public static List<Tensor> byValue(List<Tensor> gradients, double limit) {
        return gradients.stream().map(g -> clamped(g, limit)).toList();
    }

    /// Replaces the gradients of these parameters by those of [#byGlobalNorm]; a parameter without one is passed over.
    ///
    /// @param parameters all whose gradients count together
    /// @param maxNorm the largest norm that is left as it is, from 0
    /// @param normType as for [#globalNorm]
    /// @return the norm before
    public static Tensor clipGradientNorm(
            List<Parameter> parameters, double maxNorm, double normType) {
        return Tensor.noGrad(() -> {
            List<Tensor> gradients =
                    parameters.stream()
                            .map(Parameter::gradValues)
                            .flatMap(Optional::stream)
                            .toList();
            Tensor norm = globalNorm(gradients, normType);
            Tensor factor = factor(norm, maxNorm);
            parameters.forEach(parameter -> parameter.mapGrad(g -> g.mul(factor)));
            return norm;
        });
    }

    /// Replaces the gradients of these parameters by those of [#byValue]; a parameter without one is passed over.
    ///
    /// @param parameters whose gradients are clipped
    /// @param limit the largest absolute value that is left as it is, from 0
    public static void clipGradientValue(List<Parameter> parameters, double limit) {
        Tensor.noGrad(
                () -> parameters.forEach(parameter -> parameter.mapGrad(g -> clamped(g, limit))));
    }

    private static Tensor power(Tensor gradient, double normType) {
        if (normType == 2) {
            return gradient.mul(gradient);
        }
        return normType == 1 ? gradient.abs() : gradient.abs().pow(normType);
    }

    private static Tensor clamped(Tensor gradient, double limit) {
        Settings.limit("Clipping", "limit", limit);
        return gradient.clamp(-limit, limit);
    }

    private static Tensor factor(Tensor norm, double maxNorm) {
        Settings.limit("Clipping", "maxNorm", maxNorm);
        return norm.add(NORM_EPSILON).reciprocal().mul(maxNorm).minimum(1);
    }
}
