package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Real;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.NotApplicable;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What the types of Java leave no room for: values of a wrong type, and texts that stand for something else.
final class TypeRules {
    private static final Set<String> INTERVALS = Set.of("step", "epoch");
    private static final Set<String> ALGORITHMS = Set.of("norm", "value");
    private static final Set<String> MODES = Set.of("min_size", "max_size_cycle");

    /// What a step reports has names of its own choice, so they are free.
    private static final Set<String> SETUP =
            Set.of(
                    "durations/weeks",
                    "durations/days",
                    "durations/hours",
                    "durations/minutes",
                    "durations/seconds",
                    "callbacks/Timer/duration",
                    "callbacks/Timer/interval",
                    "callbacks/Timer/verbose",
                    "mode",
                    "loader_yields",
                    "training_step_returns/*");

    private TypeRules() {}

    static List<Rule> all() {
        return List.of(
                new NotApplicable(
                        "TYPES",
                        TypeRules::isOfAnotherType,
                        SETUP,
                        Set.of(
                                "seconds",
                                "on_train_batch_end.outputs_for_even",
                                "warning_contains")));
    }

    private static boolean isOfAnotherType(Case subject) {
        var setup = subject.setup();
        return setup.has("durations")
                || setup.at("trainer", "check_val_every_n_epoch")
                        .filter(Real.class::isInstance)
                        .isPresent()
                || setup.at("trainer", "accumulate_grad_batches")
                        .filter(Text.class::isInstance)
                        .isPresent()
                || timers(setup).anyMatch(TypeRules::hasNoSuchInterval)
                || clipsInAnotherWay(setup)
                || reportsNoTensor(setup)
                || setup.get("mode").filter(mode -> !isOneOf(MODES, mode)).isPresent()
                || setup.get("loader_yields").filter(TypeRules::isNoBatch).isPresent();
    }

    private static boolean clipsInAnotherWay(Fields setup) {
        return setup.at("trainer", "gradient_clip_val").filter(Text.class::isInstance).isPresent()
                || setup.at("trainer", "gradient_clip_algorithm")
                        .filter(algorithm -> !isOneOf(ALGORITHMS, algorithm))
                        .isPresent();
    }

    /// A step gives a tensor or null.
    private static boolean reportsNoTensor(Fields setup) {
        return setup.get("training_step_returns")
                .filter(given -> given instanceof Whole || given instanceof Real)
                .isPresent();
    }

    private static boolean isNoBatch(Json yielded) {
        return yielded instanceof Text(String text) && text.startsWith("None ");
    }

    private static boolean isOneOf(Set<String> words, Json word) {
        return word instanceof Text(String text) && words.contains(text);
    }

    private static Stream<Json> timers(Fields setup) {
        return setup.get("callbacks").stream()
                .flatMap(all -> all instanceof Items(var values) ? values.stream() : Stream.empty())
                .flatMap(each ->
                        each instanceof Fields fields
                                ? fields.get("Timer").stream()
                                : Stream.empty());
    }

    private static boolean hasNoSuchInterval(Json timer) {
        return timer instanceof Fields fields
                && fields.get("interval").orElse(null) instanceof Text(String interval)
                && !INTERVALS.contains(interval);
    }
}
