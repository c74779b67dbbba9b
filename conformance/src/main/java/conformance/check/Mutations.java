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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Alters an expectation at one place after the other, to see that the comparison notices each.
///
/// Numbers grow, truth values flip, texts get an `x`, elements and fields are dropped, and of a message every value
/// that it names is altered. What is not compared stays as it is: `"<ANY>"`, and the words of a message.
final class Mutations {
    /// An altered expectation.
    ///
    /// @param path where it was altered
    /// @param change what was changed there, as text
    /// @param expected the altered expectation
    /// @param named finds the values in its messages
    record Altered(String path, String change, Json expected, NamedValues named) {}

    private final NamedValues named;
    private final List<Altered> all = new ArrayList<>();

    private Mutations(NamedValues named) {
        this.named = named;
    }

    /// {@return the expectation altered in every way}
    ///
    /// @param expected an expectation that holds
    /// @param observed what was observed
    /// @param named finds the values in messages
    static List<Altered> of(Json expected, Observed observed, NamedValues named) {
        var mutations = new Mutations(named);
        mutations.walk("", expected, observed, whole -> whole);
        return mutations.all;
    }

    /// @param back puts an altered value of this place into the whole expectation
    private void walk(String path, Json expected, Observed observed, UnaryOperator<Json> back) {
        if (Comparison.isAny(expected)) {
            return;
        }
        switch (expected) {
            case Whole(long value) -> alter(path, expected, new Whole(value + 1), back);
            case Real(double value) ->
                    alter(path, expected, new Real(value + Math.abs(value) + 1), back);
            case Flag(boolean value) -> alter(path, expected, new Flag(!value), back);
            case Null _ -> alter(path, expected, new Text("x"), back);
            case Text(String text) when observed instanceof Observed.Message ->
                    alterMessage(path, text, back);
            case Text(String text) -> alter(path, expected, new Text(text + "x"), back);
            case Items(var values) -> walkItems(path, values, observed, back);
            case Fields fields -> walkFields(path, fields, observed, back);
        }
    }

    private void walkItems(
            String path, List<Json> values, Observed observed, UnaryOperator<Json> back) {
        for (int i = 0; i < values.size(); i++) {
            int place = i;
            String here = "%s[%d]".formatted(path, i);
            UnaryOperator<Json> backFromHere =
                    value -> {
                        var changed = new ArrayList<>(values);
                        changed.set(place, value);
                        return back.apply(new Items(changed));
                    };
            var fewer = new ArrayList<>(values);
            fewer.remove(place);
            add(here, "dropped", back.apply(new Items(fewer)), named);
            walk(here, values.get(i), element(observed, i), backFromHere);
        }
        if (values.isEmpty()) {
            add(path, "an element added", back.apply(new Items(List.of(new Null()))), named);
        }
    }

    private void walkFields(
            String path, Fields fields, Observed observed, UnaryOperator<Json> back) {
        fields.entries()
                .forEach((name, value) -> {
                    String here = Comparison.join(path, name);
                    add(here, "dropped", back.apply(fields.without(name)), named);
                    walk(
                            here,
                            value,
                            field(observed, name),
                            changed -> back.apply(fields.with(name, changed)));
                });
        if (fields.entries().isEmpty()) {
            add(path, "a field added", back.apply(fields.with("x", 1)), named);
        }
    }

    private static Observed element(Observed observed, int place) {
        return switch (observed) {
            case Observed.Rows(var rows) -> rows.get(place);
            case Observed.Value(Items(var values)) -> new Observed.Value(values.get(place));
            default -> observed;
        };
    }

    private static Observed field(Observed observed, String name) {
        Map<String, Observed> values = new LinkedHashMap<>();
        switch (observed) {
            case Answers answers -> values.putAll(answers.values());
            case Observed.Value(Fields(var entries)) ->
                    entries.forEach((key, value) -> values.put(key, new Observed.Value(value)));
            default -> {}
        }
        return values.getOrDefault(name, observed);
    }

    private void alterMessage(String path, String text, UnaryOperator<Json> back) {
        alter(path, new Text(text), new Null(), back);
        for (String value : named.in(text)) {
            boolean number =
                    Character.isDigit(value.charAt(value.length() - 1))
                            && !value.matches("[A-Za-z_].*");
            String other = number ? value + "7" : value + "x";
            String changed =
                    text.replaceAll(
                            "(?<![\\w])" + java.util.regex.Pattern.quote(value) + "(?![\\w])",
                            java.util.regex.Matcher.quoteReplacement(other));
            add(
                    path,
                    value + " -> " + other,
                    back.apply(new Text(changed)),
                    number ? named : named.and(other));
        }
    }

    private void alter(String path, Json from, Json to, UnaryOperator<Json> back) {
        add(path, from + " -> " + to, back.apply(to), named);
    }

    private void add(String path, String change, Json expected, NamedValues values) {
        all.add(new Altered(path, change, expected, values));
    }
}
