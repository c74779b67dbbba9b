package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.rule.Rule.Deviation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Where a loop by itself differs: it holds no trainer, knows no StopIteration, and is saved between steps only.
final class LoopRules {
    private static final Pattern SAME_TRAINER =
            Pattern.compile("(\\w+)\\.trainer is (\\w+)\\.trainer");

    private LoopRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "F2",
                        LoopRules::comparesTrainers,
                        subject -> subject.expecting(placesInstead(subject))),
                new Deviation(
                        "F8",
                        LoopRules::raisesStopIteration,
                        subject -> subject.expecting(errorInstead(subject))),
                new Deviation(
                        "F9",
                        LoopRules::fallsBack,
                        subject -> subject.expecting(countsAsTheyWere(subject))));
    }

    private static boolean comparesTrainers(Case subject) {
        return subject.expect().entries().keySet().stream()
                .anyMatch(name -> SAME_TRAINER.matcher(name).matches());
    }

    /// That two loops have the same trainer says that one stands in the other's tree.
    private static Fields placesInstead(Case subject) {
        var instead = Fields.EMPTY;
        for (var entry : subject.expect().entries().entrySet()) {
            var matcher = SAME_TRAINER.matcher(entry.getKey());
            instead =
                    instead.with(
                            matcher.matches()
                                    ? matcher.group(1) + " stands in " + matcher.group(2)
                                    : entry.getKey(),
                            entry.getValue());
        }
        return instead;
    }

    private static boolean raisesStopIteration(Case subject) {
        return subject.setup().has("advance_raises_StopIteration_at");
    }

    /// The run ends there and then, and the error is the result.
    private static Fields errorInstead(Case subject) {
        return subject.expect()
                .changed("log", log -> Json.of(until("on_run_end", log)))
                .changed("result", result -> Json.of(List.of("raised StopIteration")));
    }

    private static List<Json> until(String last, Json log) {
        var kept = new ArrayList<Json>();
        if (log instanceof Items(var values)) {
            for (Json value : values) {
                if (value.equals(new Text(last))) {
                    break;
                }
                kept.add(value);
            }
        }
        return kept;
    }

    private static boolean fallsBack(Case subject) {
        return subject.area().equals("progress_tracker")
                && subject.setup().get("call").filter(LoopRules::isRestart).isPresent();
    }

    private static boolean isRestart(Json call) {
        return call instanceof Text(String text) && text.startsWith("reset_on_restart");
    }

    private static Fields countsAsTheyWere(Case subject) {
        return subject.setup()
                .get("value")
                .map(value -> subject.expect().with("value", value))
                .orElse(subject.expect());
    }
}
