package conformance.check;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// What a case expects, as far as an interpreter may look at it: the questions, not the answers.
///
/// Some cases give inputs among what they expect, for instance in the rows of a table. An interpreter that takes one
/// says so by [#input]; it is then no longer compared.
public final class Expectation {
    private final Fields fields;
    private final Set<String> inputs = new HashSet<>();
    private final Map<String, List<Expectation>> below = new LinkedHashMap<>();

    /// What is expected.
    ///
    /// @param fields the fields of a case, or of a place in it
    public Expectation(Fields fields) {
        this.fields = fields;
    }

    /// {@return the questions}
    public List<String> names() {
        return List.copyOf(fields.entries().keySet());
    }

    /// {@return whether a case asks for something}
    ///
    /// @param name the question
    public boolean has(String name) {
        return fields.has(name);
    }

    /// {@return a value that is given, not asked for} It is no longer compared.
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if there is none
    public Json input(String name) {
        inputs.add(name);
        return fields.get(name)
                .orElseThrow(() ->
                        new NotUnderstoodException(
                                "'%s' is missing in expect; there are %s"
                                        .formatted(name, names())));
    }

    /// {@return how many answers a question asks for: the length of its list}
    ///
    /// @param name the question
    /// @throws NotUnderstoodException if it asks for no list
    public int count(String name) {
        if (fields.get(name).orElse(null) instanceof Items(var values)) {
            return values.size();
        }
        throw new NotUnderstoodException("'%s' of expect is no list".formatted(name));
    }

    /// {@return what is asked below a question that holds an object; nothing where it is absent}
    ///
    /// @param name the question
    /// @throws NotUnderstoodException if it holds something else
    public Expectation fields(String name) {
        return switch (fields.get(name).orElse(Fields.EMPTY)) {
            case Fields found -> track(name, List.of(new Expectation(found))).getFirst();
            default -> throw wrong(name, "an object");
        };
    }

    /// {@return what is asked in each element of a list of objects; nothing where it is absent}
    ///
    /// @param name the question
    /// @throws NotUnderstoodException if it holds something else
    public List<Expectation> rows(String name) {
        if (!(fields.get(name).orElse(new Items(List.of())) instanceof Items(var values))) {
            throw wrong(name, "a list of objects");
        }
        var rows = new ArrayList<Expectation>();
        for (Json value : values) {
            if (!(value instanceof Fields found)) {
                throw wrong(name, "a list of objects");
            }
            rows.add(new Expectation(found));
        }
        return track(name, rows);
    }

    private List<Expectation> track(String name, List<Expectation> found) {
        return below.computeIfAbsent(name, absent -> found);
    }

    private NotUnderstoodException wrong(String name, String wanted) {
        return new NotUnderstoodException(
                "'%s' of expect is %s, needs to be %s"
                        .formatted(name, fields.get(name).orElseThrow(), wanted));
    }

    /// {@return what is compared: all but the inputs}
    Fields compared() {
        return compared(fields);
    }

    /// {@return what would be compared of another expectation: all but what is an input here}
    ///
    /// @param others an expectation of the same form
    Fields compared(Fields others) {
        SequencedMap<String, Json> compared = new LinkedHashMap<>();
        others.entries()
                .forEach((name, value) -> {
                    if (!inputs.contains(name)) {
                        compared.put(name, comparedBelow(name, value));
                    }
                });
        return new Fields(compared);
    }

    private Json comparedBelow(String name, Json value) {
        var found = below.getOrDefault(name, List.of());
        return switch (value) {
            case Fields other when found.size() == 1 -> found.getFirst().compared(other);
            case Items(var others) when found.size() == others.size() -> {
                var compared = new ArrayList<Json>();
                for (int i = 0; i < others.size(); i++) {
                    compared.add(
                            others.get(i) instanceof Fields other
                                    ? found.get(i).compared(other)
                                    : others.get(i));
                }
                yield new Items(compared);
            }
            default -> value;
        };
    }
}
