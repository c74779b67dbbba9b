package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.rule.Rule.Deviation;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Where putting loops into a tree differs: nothing is attached to a trainer, and a loop is built by a function.
final class TreeRules {
    private static final Pattern HAS_TRAINER =
            Pattern.compile("(\\w+)\\.trainer is (?:trainer|(\\w+)\\.trainer)");
    private static final Pattern TRAINER_OF = Pattern.compile("(\\w+)\\.trainer");
    private static final Pattern TRAINER_BEFORE_FIT =
            Pattern.compile("(\\w+)\\.trainer_before_fit");
    private static final Pattern OTHER_CONSTRUCTOR =
            Pattern.compile(
                    "(\\w+)\\.replace\\((\\w+)=<class (\\w+) extends (\\w+) with constructor \\(.*\\)>\\)");
    private static final String ACCESS = "before_assign_access_trainer";
    private static final String KIND = "error_kind";
    private static final String MESSAGE = "message_regex";
    private static final String IN_TRAINER = "%s stands in trainer";

    private TreeRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "F2",
                        TreeRules::isHere,
                        subject -> subject.expecting(placesInstead(subject.expect()))),
                new Deviation(
                        "F19",
                        subject -> otherConstructor(subject).isPresent(),
                        subject ->
                                otherConstructor(subject).map(subject::expecting).orElse(subject)));
    }

    private static boolean isHere(Case subject) {
        return subject.area().equals("loop_connect_replace");
    }

    // ---- trainers

    private static Fields placesInstead(Fields expect) {
        var instead = Fields.EMPTY;
        for (var entry : expect.entries().entrySet()) {
            var early = TRAINER_BEFORE_FIT.matcher(entry.getKey());
            if (entry.getKey().equals(ACCESS) && isRefused(entry.getValue())) {
                instead = instead.with("before_assign", place("loop", false));
            } else if (early.matches() && isRefused(entry.getValue())) {
                instead = instead.with("before_fit", place(early.group(1), true));
            } else {
                instead = instead.with(entry.getKey(), placesInstead(entry.getValue()));
            }
        }
        return instead;
    }

    private static Json placesInstead(Json said) {
        return switch (said) {
            case Text _ -> statements(List.of(said)).<Json>map(fields -> fields).orElse(said);
            case Items(var values) -> statements(values).<Json>map(fields -> fields).orElse(said);
            case Fields fields -> withoutTrainers(fields);
            default -> said;
        };
    }

    /// Statements about trainers, as questions about places; nothing if there are others.
    private static Optional<Fields> statements(List<Json> values) {
        var places = Fields.EMPTY;
        for (Json value : values) {
            var matcher = HAS_TRAINER.matcher(value instanceof Text(String text) ? text : "");
            if (!matcher.matches()) {
                return Optional.empty();
            }
            places =
                    places.with(
                            matcher.group(2) == null
                                    ? IN_TRAINER.formatted(matcher.group(1))
                                    : "%s stands in the tree of %s"
                                            .formatted(matcher.group(1), matcher.group(2)),
                            true);
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(places);
    }

    /// Loops of which asking for the trainer is an error.
    private static Fields withoutTrainers(Fields fields) {
        var instead = Fields.EMPTY;
        for (var entry : fields.entries().entrySet()) {
            var matcher = TRAINER_OF.matcher(entry.getKey());
            instead =
                    matcher.matches() && isRefused(entry.getValue())
                            ? instead.with(IN_TRAINER.formatted(matcher.group(1)), false)
                            : instead.with(entry.getKey(), entry.getValue());
        }
        return instead;
    }

    /// {@return whether it is said that asking for the trainer is an error}
    private static boolean isRefused(Json said) {
        return said instanceof Fields refusal
                && refusal.entries().size() == 2
                && Change.text(refusal, "error_kind").equals("RuntimeError")
                && refusal.get("message_contains").orElse(null) instanceof Text;
    }

    private static Fields place(String loop, boolean stands) {
        return Fields.EMPTY.with(IN_TRAINER.formatted(loop), stands);
    }

    // ---- constructors

    /// A class that is refused because its constructor has other parameters, by a message that names it.
    private static Optional<Fields> otherConstructor(Case subject) {
        var matcher = OTHER_CONSTRUCTOR.matcher(Change.text(subject.setup(), "action"));
        return isHere(subject)
                        && Change.text(subject.expect(), KIND).equals("MisconfigurationException")
                        && matcher.matches()
                        && names(Change.text(subject.expect(), MESSAGE), matcher)
                ? Optional.of(
                        subject.expect()
                                .with(KIND, null)
                                .without(MESSAGE)
                                .with(
                                        matcher.group(1) + "." + matcher.group(2),
                                        Fields.EMPTY
                                                .with("instance_of", matcher.group(3))
                                                .with("children", "those of the old loop")))
                : Optional.empty();
    }

    private static boolean names(String message, MatchResult refused) {
        return Pattern.compile("\\b%s\\b".formatted(refused.group(3))).matcher(message).find()
                && Pattern.compile("`%s`".formatted(refused.group(4))).matcher(message).find();
    }
}
