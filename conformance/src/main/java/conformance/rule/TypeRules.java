package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Real;
import conformance.json.Json.Text;
import conformance.rule.Rule.NotApplicable;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What the types of Java leave no room for: values of a wrong type, and texts that stand for something else.
final class TypeRules {
    private static final Set<String> INTERVALS = Set.of("step", "epoch");

    private TypeRules() {}

    static List<Rule> all() {
        return List.of(new NotApplicable("TYPES", TypeRules::isOfAnotherType));
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
                || timers(setup).anyMatch(TypeRules::hasNoSuchInterval);
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
