package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Null;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import java.util.List;

/// Where the end of a training differs: it is not logged, and limits are settled when the plan is made.
final class StoppingRules {
    private static final int DEFAULT_EPOCHS = 1000;

    private StoppingRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "LOG",
                        StoppingRules::saysWhyItEnds,
                        subject -> subject.expecting(saysNothing(subject))),
                new Deviation(
                        "PLAN",
                        StoppingRules::leavesLimitsOpen,
                        subject -> subject.expecting(settled(subject))));
    }

    private static boolean saysWhyItEnds(Case subject) {
        return subject.area().equals("stopping");
    }

    private static Fields saysNothing(Case subject) {
        var instead =
                subject.expect()
                        .changed("debug_message_should_stop_was_set", said -> Json.of(false))
                        .changed("info_message_min_not_met", said -> Json.of(false))
                        .changed("log_contains", StoppingRules::noLines)
                        .changed("warning_contains", StoppingRules::noWordOfDefaults);
        return instead.has("info_message_count")
                ? instead.with("info_message_count", 0)
                        .changed("message_contains", said -> new Null())
                : instead;
    }

    private static Json noLines(Json lines) {
        return lines instanceof Items(var values)
                ? new Items(values.stream().<Json>map(line -> new Null()).toList())
                : lines;
    }

    private static Json noWordOfDefaults(Json warning) {
        return warning instanceof Text(String text) && text.contains("was not set")
                ? new Null()
                : warning;
    }

    private static boolean leavesLimitsOpen(Case subject) {
        return subject.setup().at("trainer", "max_epochs").orElse(new Null()) instanceof Null
                && subject.expect()
                        .get("trainer.max_epochs")
                        .filter(Null.class::isInstance)
                        .isPresent();
    }

    private static Fields settled(Case subject) {
        boolean bySteps =
                subject.setup().at("trainer", "max_steps").orElse(new Null())
                                instanceof Whole(long steps)
                        && steps != -1;
        return subject.expect().with("trainer.max_epochs", bySteps ? -1 : DEFAULT_EPOCHS);
    }
}
