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
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Alters an expectation at one place after the other, to see that the comparison notices each.
///
/// Numbers grow, truth values flip, texts get an `x`, elements and fields are dropped, an unknown field is added, and of a
/// message every value that it names is altered. What is not compared stays as it is: `"<ANY>"`, and the words of a message.
final class Mutations {
    /// An altered expectation.
    ///
    /// @param path where it was altered
    /// @param change what was changed there, as text
    /// @param expected the altered expectation
    /// @param named finds the values in its messages
    /// @param asksLess whether something is not asked any more, and nothing else is
    record Altered(
            String path, String change, Fields expected, NamedValues named, boolean asksLess) {}

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
    static List<Altered> of(Fields expected, Observed observed, NamedValues named) {
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
            drop(here, back.apply(new Items(fewer)));
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
                    drop(here, back.apply(fields.without(name)));
                    walk(
                            here,
                            value,
                            field(observed, name),
                            changed -> back.apply(fields.with(name, changed)));
                });
        add(path, "a field added", back.apply(fields.with("an unknown key", 1)), named);
    }

    /// Where a rule has left elements out, those behind them stand for them.
    private static Observed element(Observed observed, int place) {
        return switch (observed) {
            case Observed.Rows(var rows) when !rows.isEmpty() ->
                    rows.get(Math.min(place, rows.size() - 1));
            case Observed.Value(Items(var values)) when place < values.size() ->
                    new Observed.Value(values.get(place));
            default -> observed;
        };
    }

    /// What is called a message is one, also where a rule has put something else in its place.
    private static Observed field(Observed observed, String name) {
        Map<String, Observed> values = new LinkedHashMap<>();
        switch (observed) {
            case Answers answers -> values.putAll(answers.values());
            case Observed.Value(Fields(var entries)) ->
                    entries.forEach((key, value) -> values.put(key, new Observed.Value(value)));
            default -> {}
        }
        return values.getOrDefault(
                name,
                name.startsWith("message_") ? new Observed.Message(Optional.empty()) : observed);
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
        all.add(new Altered(path, change, (Fields) expected, values, false));
    }

    private void drop(String path, Json expected) {
        all.add(new Altered(path, "dropped", (Fields) expected, named, true));
    }
}
