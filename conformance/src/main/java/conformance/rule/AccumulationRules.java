package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Null;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// Where accumulation differs: it is a choice of the plan, and exact.
final class AccumulationRules {
    private static final String AREA = "grad_accumulation";
    private static final String SCHEDULER = "GradientAccumulationScheduler";

    private AccumulationRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "ROWS", AccumulationRules::hasUntypedRows, AccumulationRules::withoutThem),
                new Deviation(
                        "PLAN",
                        subject -> subject.expect().has("accumulation_scheduler_callbacks"),
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
                                                items(rows).stream()
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
                subject.expect()
                        .without("accumulation_scheduler_callbacks")
                        .with("accumulation_factors", factors));
    }

    private static boolean choosesTwice(Case subject) {
        return subject.setup().at("trainer", "accumulate_grad_batches").isPresent()
                && scheduler(subject).isPresent();
    }

    private static Optional<Json> scheduler(Case subject) {
        return subject.setup().at("trainer", "callbacks").stream()
                .flatMap(all -> items(all).stream())
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

    /// An optimizer that computes its loss several times a step sees one batch.
    private static Case refusesToAccumulate(Case subject) {
        var kinds = new ArrayList<Json>();
        var counts = new ArrayList<Json>();
        BiFunction<Integer, String, Json> at =
                (i, name) -> items(subject.expect().get(name).orElseThrow()).get(i);
        var runs = items(subject.setup().get("runs").orElseThrow());
        for (int i = 0; i < runs.size(); i++) {
            boolean accumulates =
                    runs.get(i) instanceof Fields flags
                            && flags.get("accumulate_grad_batches").orElse(new Whole(1))
                                    instanceof Whole(long n)
                            && n > 1;
            kinds.add(Json.of(accumulates ? "RuntimeError" : null));
            counts.add(accumulates ? new Whole(0) : at.apply(i, "backward_calls"));
        }
        return subject.expecting(
                subject.expect().with("backward_calls", counts).with("run_raises", kinds));
    }

    private static List<Json> items(Json json) {
        return json instanceof Items(var values) ? values : List.of();
    }
}
