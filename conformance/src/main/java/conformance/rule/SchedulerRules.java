package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import conformance.rule.SchedulerMoves.Count;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Where schedulers move at other moments: by the epochs and the steps of the whole fit.
final class SchedulerRules {
    private static final Set<String> INTERVALS = Set.of("step", "epoch");
    private static final Pattern KIND =
            Pattern.compile("StepLR\\(step_size=(\\d+), gamma=([\\d.]+)\\)");
    private static final Pattern INTERVAL = Pattern.compile("interval: (\\w+)");

    private SchedulerRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "F7",
                        SchedulerRules::takesTurns,
                        subject -> subject.expecting(moved(subject))),
                new Deviation(
                        "F29",
                        SchedulerRules::countsStepsAnew,
                        subject -> subject.expecting(moved(subject))),
                new NotApplicable(
                        "TYPES",
                        SchedulerRules::isOfAnotherType,
                        Set.of("configure_optimizers_returns"),
                        Set.of()));
    }

    private static boolean isScheduling(Case subject) {
        return subject.area().equals("lr_scheduler");
    }

    /// Optimizers of which each has a number of batches in a row.
    private static boolean takesTurns(Case subject) {
        var frequencies = Change.items(subject.setup(), "optimizer_frequencies");
        return isScheduling(subject)
                && !frequencies.isEmpty()
                && frequencies.stream().allMatch(Whole.class::isInstance);
    }

    // ---- at other moments

    /// The counts and the rates of the original, with the moves that it did not make and without those that only it made.
    private static Fields moved(Case subject) {
        var moves = SchedulerMoves.of(subject.setup());
        var end = moves.atEnd();
        return subject.expect()
                .changed("trainer_steps", steps -> plus(steps, end))
                .changed("scheduler_step_count", steps -> plus(steps, end))
                .changed("lr_after_fit", rates -> changed(rates, end, subject))
                .changed("at_entry_of_each_training_step", steps -> atEntry(steps, moves, subject))
                .changed(
                        "scheduler_progress",
                        progress ->
                                Change.in(
                                        Change.in(
                                                progress,
                                                "total",
                                                counts -> plus(counts, SchedulerMoves.more(end))),
                                        "current",
                                        counts -> plus(counts, moves.moreInLastEpoch())));
    }

    private static Json atEntry(Json steps, SchedulerMoves moves, Case subject) {
        var places =
                steps instanceof Fields fields ? Change.items(fields, "position") : List.<Json>of();
        return Change.in(
                steps,
                "lrs",
                lrs ->
                        Change.eachAt(
                                lrs,
                                (i, rates) ->
                                        i < places.size()
                                                ? at(moves, places.get(i))
                                                        .map(moved ->
                                                                changed(rates, moved, subject))
                                                        .orElse(rates)
                                                : rates));
    }

    /// {@return how often schedulers have moved at a position; empty if the fit does not come there}
    private static Optional<List<Count>> at(SchedulerMoves moves, Json position) {
        return position instanceof Items(var numbers)
                        && numbers.size() > 1
                        && numbers.get(0) instanceof Whole(long epoch)
                        && numbers.get(1) instanceof Whole(long batch)
                ? moves.at(epoch, batch)
                : Optional.empty();
    }

    private static Json plus(Json steps, List<Count> moved) {
        return Change.eachAt(
                steps,
                (i, count) -> i < moved.size() ? Change.plus(count, moved.get(i).more()) : count);
    }

    private static Json plus(Json counts, long more) {
        return Change.each(counts, count -> Change.plus(count, more));
    }

    /// {@return rates that are changed as often as ours}
    private static Json changed(Json rates, List<Count> moved, Case subject) {
        var kind = KIND.matcher(Change.text(subject.setup(), "scheduler_kind"));
        if (!kind.matches()) {
            return rates;
        }
        long moves = Long.parseLong(kind.group(1));
        double gamma = Double.parseDouble(kind.group(2));
        return Change.eachAt(
                rates,
                (i, rate) ->
                        i < moved.size()
                                ? Change.times(
                                        rate,
                                        Math.pow(gamma, (double) moved.get(i).changesMore(moves)))
                                : rate);
    }

    /// A scheduler that moves after several steps, which need not divide the steps of an epoch.
    private static boolean countsStepsAnew(Case subject) {
        return isScheduling(subject)
                && !takesTurns(subject)
                && Change.items(subject.setup(), "sched").stream()
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
}
