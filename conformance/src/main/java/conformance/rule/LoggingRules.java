package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Real;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Where what is logged, and who looks at it, differs.
final class LoggingRules {
    private static final Set<String> MODES = Set.of("min", "max");

    private static final Set<String> EARLY_STOPPING =
            Set.of(
                    "EarlyStopping/monitor",
                    "EarlyStopping/min_delta",
                    "EarlyStopping/patience",
                    "EarlyStopping/verbose",
                    "EarlyStopping/mode",
                    "EarlyStopping/strict",
                    "EarlyStopping/check_finite",
                    "EarlyStopping/stopping_threshold",
                    "EarlyStopping/divergence_threshold",
                    "EarlyStopping/check_on_train_epoch_end",
                    "EarlyStopping/log_rank_zero_only");

    private static final String REDUCTION = "reduce_fx=";
    private static final Set<String> REDUCTIONS = Set.of("min", "max", "mean", "avg", "sum");
    private static final String NEITHER = "on_step=false,on_epoch=false";
    private static final Optional<Json> REFUSED =
            Optional.of(new Text("MisconfigurationException"));
    private static final Json STUB = Json.of(List.of("hp_metric"));

    private LoggingRules() {}

    static List<Rule> all() {
        return List.of(
                new NotApplicable(
                        "RANKS",
                        LoggingRules::isOfARank,
                        Set.of("global_rank", "log_rank_zero_only", "message", "world_size"),
                        Set.of("logged")),
                new NotApplicable("TYPES", LoggingRules::hasNoSuchMode, EARLY_STOPPING, Set.of()),
                // what is no number may be anything
                new NotApplicable(
                        "TYPES", LoggingRules::logsNoNumber, Set.of("values/*"), Set.of()),
                new Deviation("ROWS", LoggingRules::isLogged, LoggingRules::withoutUntyped),
                new Deviation("STUB", LoggingRules::isLogged, LoggingRules::withoutStub));
    }

    private static boolean isLogged(Case subject) {
        return subject.area().equals("logging");
    }

    private static boolean isOfARank(Case subject) {
        return subject.setup().has("world_size") && subject.setup().has("global_rank");
    }

    private static boolean hasNoSuchMode(Case subject) {
        return subject.setup()
                .at("EarlyStopping", "mode")
                .filter(mode -> mode instanceof Text(String text) && !MODES.contains(text))
                .isPresent();
    }

    /// A metric is a number.
    private static boolean logsNoNumber(Case subject) {
        return isLogged(subject)
                && subject.setup().get("values").orElse(null) instanceof Items(var values)
                && values.stream().noneMatch(LoggingRules::isNumber);
    }

    private static boolean isNumber(Json value) {
        return value instanceof Whole || value instanceof Real;
    }

    /// A reduction is one of an enum, and a metric is always of steps or of the epoch.
    private static Case withoutUntyped(Case subject) {
        var expect = refusesNeither(subject) ? subject.expect().without(NEITHER) : subject.expect();
        if (!(subject.setup().get("variants").orElse(null) instanceof Items(var variants))) {
            return subject.expecting(expect);
        }
        var kept =
                IntStream.range(0, variants.size())
                        .filter(i ->
                                !reducesInAnotherWay(variants.get(i))
                                        || !refusesReductions(subject.expect(), i))
                        .boxed()
                        .toList();
        for (String question : List.of("raises", "message_contains")) {
            expect = expect.changed(question, answers -> only(kept, answers));
        }
        return subject.with(
                subject.setup().with("variants", only(kept, new Items(variants))), expect);
    }

    private static boolean refusesNeither(Case subject) {
        return subject.expect().get(NEITHER).orElse(null) instanceof Fields refusal
                && refusal.entries().size() == 2
                && refusal.get("error_kind").equals(REFUSED)
                && refusal.get("message_contains").orElse(null) instanceof Text;
    }

    private static boolean refusesReductions(Fields expect, int place) {
        var kinds = Change.items(expect, "raises");
        var messages = Change.items(expect, "message_contains");
        return place < kinds.size()
                && REFUSED.equals(Optional.of(kinds.get(place)))
                && place < messages.size()
                && messages.get(place) instanceof Text(String said)
                && said.contains(REDUCTION);
    }

    private static boolean reducesInAnotherWay(Json variant) {
        return variant instanceof Text(String text)
                && text.startsWith(REDUCTION)
                && !REDUCTIONS.contains(text.substring(REDUCTION.length()));
    }

    private static Json only(List<Integer> kept, Json all) {
        return all instanceof Items(var values)
                ? new Items(kept.stream().filter(i -> i < values.size()).map(values::get).toList())
                : all;
    }

    /// No metric stands for hyperparameters: the call that writes it is left out, and not counted.
    private static Case withoutStub(Case subject) {
        if (!(subject.expect().get("keys_per_call").orElse(null) instanceof Items(var calls))) {
            return subject;
        }
        var kept = calls.stream().filter(call -> !call.equals(STUB)).toList();
        int dropped = calls.size() - kept.size();
        return subject.expecting(
                subject.expect()
                        .with("keys_per_call", kept)
                        .changed("log_metrics_calls", count -> Change.plus(count, -dropped)));
    }
}
