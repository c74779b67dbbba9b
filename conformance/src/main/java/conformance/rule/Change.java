package conformance.rule;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Flag;
import conformance.json.Json.Items;
import conformance.json.Json.Real;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/// Changes of one value of an expectation. What is not of the kind that is changed stays as it is, so that it is compared
/// and found.
final class Change {
    private Change() {}

    /// {@return the elements of a list; none of anything else}
    static List<Json> items(Json json) {
        return json instanceof Items(var values) ? values : List.of();
    }

    /// {@return the elements of the list in a field; none if there is no such list}
    static List<Json> items(Fields fields, String... path) {
        return fields.at(path).map(Change::items).orElse(List.of());
    }

    /// {@return the whole number in a field, or what stands for it where there is none}
    static long whole(Fields fields, long otherwise, String... path) {
        return fields.at(path).orElse(null) instanceof Whole(long n) ? n : otherwise;
    }

    /// {@return the text in a field; an empty one if there is none}
    static String text(Fields fields, String... path) {
        return fields.at(path).orElse(null) instanceof Text(String text) ? text : "";
    }

    /// {@return a number that is so much more}
    static Json plus(Json number, long more) {
        return number instanceof Whole(long n) ? new Whole(n + more) : number;
    }

    /// {@return a number that is so many times as large}
    static Json times(Json number, double factor) {
        return number instanceof Real(double value) ? new Real(value * factor) : number;
    }

    /// {@return the other truth value}
    static Json not(Json flag) {
        return flag instanceof Flag(boolean value) ? new Flag(!value) : flag;
    }

    /// {@return fields of which one is changed, if it is there}
    static Json in(Json json, String name, UnaryOperator<Json> change) {
        return json instanceof Fields fields ? fields.changed(name, change) : json;
    }

    /// {@return a list or fields of which all values are changed}
    static Json each(Json json, UnaryOperator<Json> change) {
        return json instanceof Fields
                ? eachNamed(json, (name, value) -> change.apply(value))
                : eachAt(json, (i, value) -> change.apply(value));
    }

    /// {@return fields of which all are changed, by their names}
    static Json eachNamed(Json json, BiFunction<String, Json, Json> change) {
        if (!(json instanceof Fields fields)) {
            return json;
        }
        var changed = fields;
        for (String name : fields.entries().keySet()) {
            changed = changed.changed(name, value -> change.apply(name, value));
        }
        return changed;
    }

    /// {@return a list of which all elements are changed, by their places}
    static Json eachAt(Json json, BiFunction<Integer, Json, Json> change) {
        if (!(json instanceof Items(var values))) {
            return json;
        }
        var changed = new ArrayList<Json>();
        for (int i = 0; i < values.size(); i++) {
            changed.add(change.apply(i, values.get(i)));
        }
        return new Items(changed);
    }
}
