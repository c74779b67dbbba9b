package loops.core.callback;

import java.util.ArrayList;
import java.util.List;
import loops.core.training.Callback;
import loops.core.training.RunView;
import loops.core.training.TrainingOptimizer;
import tensor.api.Tensor;
import tensor.optim.Clipping;

/// Logs how large the gradients are before each optimizer step, before they are clipped: gradients that vanish or
/// explode are seen long before the loss tells.
///
/// | metric | |
/// |---|---|
/// | `grad_2.0_norm/layer.weight` | of one parameter |
/// | `grad_2.0_norm_total` | of all parameters of the optimizer together |
///
/// The number is the exponent of the norm, `inf` for the largest absolute value. Of several optimizers each has a total
/// of its own: `grad_2.0_norm_total/optimizer_1`.
public final class GradientNorm implements Callback {
    private final double exponent;
    private final String name;

    private GradientNorm(double exponent) {
        if (!(exponent > 0)) {
            throw new IllegalArgumentException(
                    "GradientNorm: the exponent is %s; use a number above 0, or infinity"
                            .formatted(exponent));
        }
        this.exponent = exponent;
        this.name =
                "grad_%s_norm"
                        .formatted(Double.isInfinite(exponent) ? "inf" : Double.toString(exponent));
    }

    /// {@return a callback that logs Euclidean norms}
    public static GradientNorm of() {
        return of(2);
    }

    /// {@return a callback that logs norms}
    ///
    /// @param exponent 1 for the sum of absolute values, 2 for the Euclidean norm, infinity for the largest absolute
    ///     value, or another number above 0
    /// @throws IllegalArgumentException if it is none of them
    public static GradientNorm of(double exponent) {
        return new GradientNorm(exponent);
    }

    @Override
    public String stateKey() {
        return "GradientNorm(" + exponent + ")";
    }

    @Override
    public void onBeforeOptimizerStep(RunView run, TrainingOptimizer optimizer) {
        var own = optimizer.parameters();
        var all = new ArrayList<Tensor>();
        run.module()
                .namedParameters()
                .forEach((path, parameter) -> {
                    if (own.contains(parameter)) {
                        parameter
                                .gradValues()
                                .ifPresent(gradient -> {
                                    all.add(gradient);
                                    run.log(name + "/" + path, norm(List.of(gradient)));
                                });
                    }
                });
        boolean only = run.optimizers().size() == 1;
        run.log(name + "_total" + (only ? "" : "/optimizer_" + optimizer.index()), norm(all));
    }

    private double norm(List<Tensor> gradients) {
        return Tensor.noGrad(() -> Clipping.globalNorm(gradients, exponent)).item();
    }
}
