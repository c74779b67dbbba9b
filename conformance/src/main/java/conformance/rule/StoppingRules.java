package conformance.rule;

import conformance.check.Case;
import conformance.json.Json.Fields;
import conformance.json.Json.Null;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import java.util.List;

/// Where the limits of a training differ: they are settled when the plan is made.
final class StoppingRules {
    private static final int DEFAULT_EPOCHS = 1000;

    private static final String UNSET =
            "`max_epochs` was not set. Setting it to %d epochs".formatted(DEFAULT_EPOCHS);

    private StoppingRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "PLAN",
                        StoppingRules::leavesLimitsOpen,
                        subject -> subject.expecting(settled(subject))));
    }

    private static boolean saysWhichDefaultHolds(Case subject) {
        return subject.expect()
                .get("warning_contains")
                .filter(said -> said instanceof Text(String text) && text.contains(UNSET))
                .isPresent();
    }

    private static boolean leavesLimitsOpen(Case subject) {
        return subject.area().equals("stopping")
                && (saysWhichDefaultHolds(subject) || leavesEpochsOpen(subject));
    }

    private static boolean leavesEpochsOpen(Case subject) {
        return subject.setup().at("trainer", "max_epochs").orElse(new Null()) instanceof Null
                && subject.expect()
                        .get("trainer.max_epochs")
                        .filter(Null.class::isInstance)
                        .isPresent();
    }

    private static Fields settled(Case subject) {
        boolean bySteps = Change.whole(subject.setup(), -1, "trainer", "max_steps") != -1;
        return subject.expect()
                .changed(
                        "warning_contains",
                        said -> saysWhichDefaultHolds(subject) ? new Null() : said)
                .changed(
                        "trainer.max_epochs",
                        open ->
                                open instanceof Null
                                        ? new Whole(bySteps ? -1 : DEFAULT_EPOCHS)
                                        : open);
    }
}
