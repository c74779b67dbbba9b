package conformance.check;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Flag;
import conformance.json.Json.Items;
import conformance.json.Json.Null;
import conformance.json.Json.Real;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds an expectation against what was observed.
///
/// | expected | observed |
/// |---|---|
/// | `"<ANY>"`, `"not asserted"` | anything |
/// | whole numbers, truth values, texts, lists, objects | exactly the same |
/// | number with a point | the same but for a millionth of it; for a learning rate, a thousandth of that |
/// | `"Infinity"`, `"-Infinity"`, `"NaN"` | that number |
/// | kind of error | an error of that kind by [ErrorKinds]; null: none |
/// | message | one that names the same values by [NamedValues]; null: none |
final class Comparison {
    private static final double TOLERANCE = 1e-6;
    private static final double TOLERANCE_OF_RATES = 1e-9;
    private static final Set<String> ANY = Set.of("<ANY>", "not asserted");

    private final NamedValues named;
    private final List<Difference> differences = new ArrayList<>();

    private Comparison(NamedValues named) {
        this.named = named;
    }

    /// {@return where the two differ}
    ///
    /// @param expected what is expected
    /// @param observed what was observed, as [Observed#pick] gave it
    /// @param named finds the values in messages
    static List<Difference> of(Json expected, Observed observed, NamedValues named) {
        var comparison = new Comparison(named);
        comparison.compare("", expected, observed);
        return comparison.differences;
    }

    private void compare(String path, Json expected, Observed observed) {
        if (isAny(expected)) {
            return;
        }
        switch (observed) {
            case Observed.Value(Json json) -> compareValues(path, expected, json);
            case Observed.Kind kind -> require(ofKind(expected, kind), path, expected, observed);
            case Observed.Message message -> compareMessages(path, expected, message);
            case Observed.Names(var names) ->
                    require(areNames(expected, names), path, expected, observed);
            case Observed.Rows(var rows) -> {
                if (expected instanceof Items(var values)) {
                    compareLists(path, expected, values, observed, rows);
                } else {
                    differ(path, expected, observed);
                }
            }
            case Answers answers -> {
                if (expected instanceof Fields(var entries)) {
                    compareObjects(path, entries, answers.values());
                } else {
                    differ(path, expected, observed);
                }
            }
        }
    }

    static boolean isAny(Json expected) {
        return expected instanceof Text(String text) && ANY.contains(text);
    }

    private void compareLists(
            String path, Json expected, List<Json> values, Observed observed, List<Observed> rows) {
        if (values.size() != rows.size()) {
            differ(path, expected, observed);
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            compare("%s[%d]".formatted(path, i), values.get(i), rows.get(i));
        }
    }

    private void compareObjects(
            String path, Map<String, Json> entries, Map<String, Observed> values) {
        entries.forEach((name, value) -> {
            var seen = values.get(name);
            if (seen == null) {
                differences.add(new Difference(join(path, name), value.toString(), "nothing"));
            } else {
                compare(join(path, name), value, seen);
            }
        });
        values.forEach((name, seen) -> {
            if (!entries.containsKey(name)) {
                differences.add(new Difference(join(path, name), "nothing", seen.toString()));
            }
        });
    }

    private void compareValues(String path, Json expected, Json observed) {
        switch (observed) {
            case Items(var values) when expected instanceof Items(var wanted) ->
                    compareLists(
                            path,
                            expected,
                            wanted,
                            new Observed.Value(observed),
                            values.stream().<Observed>map(Observed.Value::new).toList());
            case Fields(var entries) when expected instanceof Fields(var wanted) -> {
                var values = new java.util.LinkedHashMap<String, Observed>();
                entries.forEach((name, value) -> values.put(name, new Observed.Value(value)));
                compareObjects(path, wanted, values);
            }
            default ->
                    require(
                            same(path, expected, observed),
                            path,
                            expected,
                            new Observed.Value(observed));
        }
    }

    private static boolean same(String path, Json expected, Json observed) {
        return switch (expected) {
            case Whole(long wanted) ->
                    switch (observed) {
                        case Whole(long seen) -> wanted == seen;
                        case Real(double seen) -> wanted == seen;
                        default -> false;
                    };
            case Real(double wanted) ->
                    switch (observed) {
                        case Whole(long seen) -> close(path, wanted, (double) seen);
                        case Real(double seen) -> close(path, wanted, seen);
                        default -> false;
                    };
            case Text(String wanted) when observed instanceof Real(double seen) ->
                    wanted.equals(Double.toString(seen)) && !Double.isFinite(seen);
            case Text _, Flag _, Null _, Items _, Fields _ -> expected.equals(observed);
        };
    }

    private static boolean close(String path, double wanted, double seen) {
        double tolerance = isRate(path) ? TOLERANCE_OF_RATES : TOLERANCE;
        return Math.abs(wanted - seen) <= tolerance * Math.max(Math.abs(wanted), Math.abs(seen));
    }

    private static boolean isRate(String path) {
        return path.matches("(.*[._\\[\\]])?lrs?([._\\[].*)?");
    }

    private static boolean ofKind(Json expected, Observed.Kind observed) {
        return switch (expected) {
            case Null _ -> observed.thrown().isEmpty();
            case Text(String kind) ->
                    observed.thrown()
                            .filter(thrown -> ErrorKinds.matches(kind, thrown))
                            .isPresent();
            default -> false;
        };
    }

    private static boolean areNames(Json expected, Set<String> names) {
        return expected instanceof Items(var values)
                && values.size() == names.size()
                && values.stream()
                        .allMatch(each -> each instanceof Text(String name) && names.contains(name))
                && values.stream().distinct().count() == values.size();
    }

    private void compareMessages(String path, Json expected, Observed.Message observed) {
        switch (expected) {
            case Null _ -> require(observed.text().isEmpty(), path, expected, observed);
            case Text(String text) -> {
                String ours = observed.text().orElse(null);
                if (ours == null) {
                    differ(path, expected, observed);
                    return;
                }
                for (String value : named.in(text)) {
                    if (!NamedValues.names(ours, value)) {
                        differences.add(
                                new Difference(path, "a message that names " + value, ours));
                    }
                }
            }
            default -> differ(path, expected, observed);
        }
    }

    private void require(boolean holds, String path, Json expected, Observed observed) {
        if (!holds) {
            differ(path, expected, observed);
        }
    }

    private void differ(String path, Json expected, Observed observed) {
        differences.add(new Difference(path, expected.toString(), observed.toString()));
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
