package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.rule.Rule.Deviation;
import java.util.List;
import java.util.regex.Pattern;

/// Where a loop by itself differs: it holds no trainer, knows no StopIteration, and is saved between steps only.
final class LoopRules {
    private static final Pattern SAME_TRAINER =
            Pattern.compile("(\\w+)\\.trainer is (\\w+)\\.trainer");

    private static final List<String> STAGES = List.of("ready", "started", "processed");

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

    /// The run ends there and then, without its end and the output of that, and the error is the result.
    private static Fields errorInstead(Case subject) {
        long advanced = Change.whole(subject.expect(), 0, "i");
        return subject.expect()
                .changed("log", LoopRules::withoutEnd)
                .changed(
                        "result",
                        result ->
                                result.equals(Json.of(List.of("OUT" + advanced)))
                                        ? Json.of(List.of("raised StopIteration"))
                                        : result);
    }

    private static Json withoutEnd(Json log) {
        var lines = Change.items(log);
        return !lines.isEmpty() && lines.getLast().equals(new Text("on_run_end"))
                ? new Items(lines.subList(0, lines.size() - 1))
                : log;
    }

    private static boolean fallsBack(Case subject) {
        return subject.area().equals("progress_tracker")
                && subject.setup().get("call").filter(LoopRules::isRestart).isPresent();
    }

    private static boolean isRestart(Json call) {
        return call instanceof Text(String text) && text.startsWith("reset_on_restart");
    }

    /// What was taken back to what was completed is put back.
    private static Fields countsAsTheyWere(Case subject) {
        long completed = Change.whole(subject.setup(), 0, "value", "completed");
        var counts = subject.expect();
        for (String stage : STAGES) {
            long begun = Change.whole(subject.setup(), completed, "value", stage) - completed;
            counts =
                    counts.changed(
                            "value",
                            value -> Change.in(value, stage, back -> Change.plus(back, begun)));
        }
        return counts;
    }
}
