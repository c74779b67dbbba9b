package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.json.Json;
import conformance.kit.Refused;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import loops.core.callback.GradientNorm;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.optim.Clipping;

/// Gradients that are clipped before an optimizer uses them, and norms of them.
final class GradClippingArea implements Area {
    private static final String CLIPPING = "configure_gradient_clipping";
    private static final String TRACKED = "track_grad_norm";

    @Override
    public String name() {
        return "grad_clipping";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        var flags = setup.fields("trainer");
        return flags.has(TRACKED) ? tracked(flags) : clipped(flags, expect);
    }

    /// One attempt for each exponent of a norm.
    private static Answers tracked(Keys flags) {
        var exponents = flags.isList(TRACKED) ? flags.items(TRACKED) : List.of(flags.json(TRACKED));
        return Refused.all(
                exponents.stream()
                        .map(exponent -> Refused.by(() -> GradientNorm.of(exponent(exponent))))
                        .toList());
    }

    private static double exponent(Json said) {
        return switch (said) {
            case Json.Whole(long value) -> (double) value;
            case Json.Real(double value) -> value;
            case Json.Text(String text) when text.equals("nan") -> Double.NaN;
            case Json.Text(String text) when text.equals("inf") -> Double.POSITIVE_INFINITY;
            default -> throw new NotUnderstoodException(said + " is no exponent of a norm");
        };
    }

    private static Answers clipped(Keys flags, Expectation expect) {
        var tolerance = tolerance(expect);
        var scenario = Scenario.of(flags);
        var norms = new ArrayList<Double>();
        var largest = new ArrayList<Double>();
        scenario.events()
                .on(
                        CLIPPING,
                        event -> {
                            var gradients = gradients(scenario);
                            norms.add(Clipping.globalNorm(gradients, 2).item());
                            largest.add(
                                    Clipping.globalNorm(gradients, Double.POSITIVE_INFINITY)
                                            .item());
                        });
        scenario.fit();
        return scenario.answers()
                .to("global_l2_norm_after_clipping", () -> rounded(greatest(norms), tolerance))
                .to("max_abs_gradient_after_clipping", () -> rounded(greatest(largest), tolerance))
                .to("hook", () -> norms.isEmpty() ? null : CLIPPING);
    }

    private static List<Tensor> gradients(Scenario scenario) {
        return scenario.model().parameters().stream()
                .map(Parameter::grad)
                .flatMap(Optional::stream)
                .toList();
    }

    private static double greatest(List<Double> ofSteps) {
        return ofSteps.stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow(() -> new NotUnderstoodException("nothing was clipped"));
    }

    private static OptionalDouble tolerance(Expectation expect) {
        if (!expect.has("tolerance")) {
            return OptionalDouble.empty();
        }
        return switch (expect.input("tolerance")) {
            case Json.Real(double value) -> OptionalDouble.of(value);
            default -> throw new NotUnderstoodException("tolerance is no number with a point");
        };
    }

    /// The nearest multiple of the tolerance, so that values that are as good as equal are equal.
    private static double rounded(double value, OptionalDouble tolerance) {
        return tolerance.isEmpty()
                ? value
                : Math.rint(value / tolerance.getAsDouble()) * tolerance.getAsDouble();
    }
}
