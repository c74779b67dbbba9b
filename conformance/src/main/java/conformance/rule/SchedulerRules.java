package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Where schedulers move at other moments: by the epochs and the steps of the whole fit.
final class SchedulerRules {
    private static final Set<String> INTERVALS = Set.of("step", "epoch");
    private static final Pattern INTERVAL = Pattern.compile("interval: (\\w+)");

    private SchedulerRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "F7",
                        SchedulerRules::takesTurnsWithinEpochs,
                        subject -> subject.expecting(afterEveryEpoch(subject))),
                new Deviation(
                        "F29",
                        SchedulerRules::countsStepsAnew,
                        subject ->
                                subject.expecting(
                                        SteppedRates.of(subject.setup()).in(subject.expect()))),
                new NotApplicable(
                        "TYPES",
                        SchedulerRules::isOfAnotherType,
                        Set.of("configure_optimizers_returns")));
    }

    private static boolean isScheduling(Case subject) {
        return subject.area().equals("lr_scheduler");
    }

    /// Schedulers of epochs, with optimizers of which each has a number of batches in a row.
    private static boolean takesTurnsWithinEpochs(Case subject) {
        var frequencies = items(subject.setup(), "optimizer_frequencies");
        return isScheduling(subject)
                && !frequencies.isEmpty()
                && frequencies.stream().allMatch(Whole.class::isInstance)
                && intervals(subject.setup()).stream().allMatch("epoch"::equals);
    }

    private static List<String> intervals(Fields setup) {
        var intervals = new ArrayList<String>();
        items(setup, "scheduler_intervals").forEach(each -> intervals.add(text(each)));
        items(setup, "sched")
                .forEach(each ->
                        intervals.add(
                                each instanceof Fields row
                                        ? text(row.get("interval").orElse(new Text("epoch")))
                                        : ""));
        return intervals;
    }

    private static Fields afterEveryEpoch(Case subject) {
        long epochs =
                subject.setup().at("trainer", "max_epochs").orElse(null) instanceof Whole(long n)
                        ? n
                        : 0;
        var instead =
                subject.expect()
                        .changed("trainer_steps", steps -> each(steps, epochs))
                        .changed("scheduler_step_count", steps -> each(steps, epochs + 1));
        return instead.has("at_entry_of_each_training_step")
                ? SteppedRates.of(subject.setup()).in(instead)
                : instead;
    }

    private static Json each(Json steps, long count) {
        return steps instanceof Items(var values)
                ? new Items(values.stream().<Json>map(old -> new Whole(count)).toList())
                : steps;
    }

    /// A scheduler that moves after several steps, which need not divide the steps of an epoch.
    private static boolean countsStepsAnew(Case subject) {
        return isScheduling(subject)
                && items(subject.setup(), "optimizer_frequencies").isEmpty()
                && items(subject.setup(), "sched").stream()
                        .anyMatch(each ->
                                each instanceof Fields row
                                        && row.get("interval").equals(Optional.of(new Text("step")))
                                        && row.get("frequency")
                                                .filter(f -> !f.equals(new Whole(1)))
                                                .isPresent());
    }

    /// An interval that there is not, or a scheduler's plan without a scheduler.
    private static boolean isOfAnotherType(Case subject) {
        if (!isScheduling(subject)
                || !(subject.setup().get("configure_optimizers_returns").orElse(null)
                        instanceof Text(String text))) {
            return false;
        }
        var interval = INTERVAL.matcher(text);
        return text.equals("lr_scheduler: {}")
                || (interval.matches() && !INTERVALS.contains(interval.group(1)));
    }

    private static List<Json> items(Fields fields, String name) {
        return fields.get(name).orElse(null) instanceof Items(var values) ? values : List.of();
    }

    private static String text(Json json) {
        return json instanceof Text(String text) ? text : "";
    }
}
