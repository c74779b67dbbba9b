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
import java.util.Optional;
import java.util.regex.Pattern;

/// Where accumulation differs: it is a choice of the plan, and exact.
final class AccumulationRules {
    private static final String AREA = "grad_accumulation";
    private static final String SCHEDULER = "GradientAccumulationScheduler";
    private static final String CALLBACKS = "accumulation_scheduler_callbacks";
    private static final Pattern TWICE = Pattern.compile(".*`accumulate_grad_batches`.*");

    private AccumulationRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "ROWS", AccumulationRules::hasUntypedRows, AccumulationRules::withoutThem),
                new Deviation(
                        "PLAN",
                        AccumulationRules::hasACallbackInEveryTrainer,
                        AccumulationRules::factorsInstead),
                new Deviation(
                        "PLAN", AccumulationRules::choosesTwice, AccumulationRules::laterHolds),
                new Deviation(
                        "CLOSURE",
                        AccumulationRules::hasAClosure,
                        AccumulationRules::refusesToAccumulate));
    }

    // ---- types

    private static boolean hasUntypedRows(Case subject) {
        return subject.area().equals(AREA) && subject.setup().has("scheduling");
    }

    private static Case withoutThem(Case subject) {
        return subject.with(
                subject.setup()
                        .changed(
                                "scheduling",
                                rows ->
                                        new Items(
                                                Change.items(rows).stream()
                                                        .filter(AccumulationRules::hasNumbers)
                                                        .toList())),
                subject.expect());
    }

    private static boolean hasNumbers(Json row) {
        return row instanceof Fields(var factors)
                && factors.entrySet().stream()
                        .allMatch(factor ->
                                factor.getKey().matches("-?\\d+")
                                        && factor.getValue() instanceof Whole);
    }

    // ---- the plan

    private static boolean hasACallbackInEveryTrainer(Case subject) {
        return subject.expect().get(CALLBACKS).equals(Optional.of((Json) new Whole(1)));
    }

    /// Accumulation is no callback that stands in every trainer, but a choice of the plan.
    private static Case factorsInstead(Case subject) {
        var factors =
                switch (subject.setup()
                        .at("trainer", "accumulate_grad_batches")
                        .orElse(new Whole(1))) {
                    case Fields given -> given;
                    case Json factor -> Fields.EMPTY.with("0", factor);
                };
        return subject.expecting(
                subject.expect().without(CALLBACKS).with("accumulation_factors", factors));
    }

    private static boolean choosesTwice(Case subject) {
        return subject.setup().at("trainer", "accumulate_grad_batches").isPresent()
                && scheduler(subject).isPresent()
                && Change.text(subject.expect(), "constructor_raises")
                        .equals("MisconfigurationException")
                && TWICE.matcher(Change.text(subject.expect(), "message_contains")).matches();
    }

    private static Optional<Json> scheduler(Case subject) {
        return subject.setup().at("trainer", "callbacks").stream()
                .flatMap(all -> Change.items(all).stream())
                .flatMap(each ->
                        each instanceof Fields fields ? fields.get(SCHEDULER).stream() : null)
                .findFirst();
    }

    /// A later choice takes the place of an earlier one.
    private static Case laterHolds(Case subject) {
        return subject.expecting(
                subject.expect()
                        .changed("constructor_raises", kind -> new Null())
                        .changed("message_contains", said -> new Null())
                        .with("accumulation_factors", scheduler(subject).orElseThrow()));
    }

    // ---- closures

    private static boolean hasAClosure(Case subject) {
        return subject.area().equals(AREA)
                && subject.setup().get("optimizer").filter(new Text("LBFGS")::equals).isPresent();
    }

    /// An optimizer that computes its loss several times a step sees one batch: nothing is left of the backward passes of
    /// those that accumulate.
    private static Case refusesToAccumulate(Case subject) {
        var runs = Change.items(subject.setup(), "runs");
        var factors =
                runs.stream()
                        .map(run ->
                                run instanceof Fields flags
                                        ? Change.whole(flags, 1, "accumulate_grad_batches")
                                        : 1)
                        .toList();
        return subject.expecting(
                subject.expect()
                        .changed(
                                "backward_calls",
                                calls ->
                                        Change.eachAt(
                                                calls,
                                                (i, count) ->
                                                        i < runs.size() && factors.get(i) > 1
                                                                ? Change.plus(
                                                                        count,
                                                                        -batches(runs.get(i)))
                                                                : count))
                        .with(
                                "run_raises",
                                factors.stream()
                                        .map(factor -> Json.of(factor > 1 ? "RuntimeError" : null))
                                        .toList()));
    }

    /// {@return how many batches a run trains with}
    private static long batches(Json run) {
        return run instanceof Fields flags
                ? flags.has("max_steps")
                        ? Change.whole(flags, 0, "max_steps")
                                * Change.whole(flags, 1, "accumulate_grad_batches")
                        : Change.whole(flags, 1, "max_epochs")
                                * Change.whole(flags, 0, "limit_train_batches")
                : 0;
    }
}
