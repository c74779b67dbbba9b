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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The fields of a set-up, which remember that they were read.
///
/// What is left unread at the end is something that the interpreter does not know. Asking whether a field is there
/// does not count as reading it. Where a field may be absent, one that is there but null counts as absent.
public final class Keys {
    private final String path;
    private final Fields fields;
    private final Set<String> read = new HashSet<>();
    private final Map<String, List<Keys>> below = new HashMap<>();
    private final List<Keys> derived = new ArrayList<>();

    /// Fields of which none has been read.
    ///
    /// @param path where the fields stand, for messages; empty at the top
    /// @param fields the fields
    public Keys(String path, Fields fields) {
        this.path = path;
        this.fields = fields;
    }

    /// {@return whether there is such a field} Does not read it.
    ///
    /// @param name its name
    public boolean has(String name) {
        return fields.has(name);
    }

    /// {@return the names of all fields, in their order} Does not read them.
    public List<String> names() {
        return List.copyOf(fields.entries().keySet());
    }

    /// {@return the value of a field, with all below it, as it stands}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if there is none
    public Json json(String name) {
        return maybe(name)
                .orElseThrow(() ->
                        new NotUnderstoodException(
                                "'%s' is missing; there are %s".formatted(pathOf(name), names())));
    }

    /// {@return the value of a field, with all below it, as it stands, if it is there}
    ///
    /// @param name its name
    public Optional<Json> maybe(String name) {
        read.add(name);
        return fields.get(name);
    }

    private Optional<Json> some(String name) {
        return maybe(name).filter(json -> !(json instanceof Null));
    }

    /// {@return a whole number}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is missing or something else
    public long whole(String name) {
        return wholeIfAny(name).orElseThrow(() -> wrong(name, "a whole number"));
    }

    /// {@return a whole number, or what stands for it where it is absent}
    ///
    /// @param name its name
    /// @param otherwise the value of an absent field
    /// @throws NotUnderstoodException if the field is something else
    public long whole(String name, long otherwise) {
        return wholeIfAny(name).orElse(otherwise);
    }

    /// {@return a whole number, if it is there}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is something else
    public OptionalLong wholeIfAny(String name) {
        return switch (some(name).orElse(null)) {
            case null -> OptionalLong.empty();
            case Whole(long value) -> OptionalLong.of(value);
            default -> throw wrong(name, "a whole number");
        };
    }

    /// {@return a number}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is missing or something else
    public double real(String name) {
        return realIfAny(name).orElseThrow(() -> wrong(name, "a number"));
    }

    /// {@return a number, if it is there}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is something else
    public OptionalDouble realIfAny(String name) {
        return switch (some(name).orElse(null)) {
            case null -> OptionalDouble.empty();
            case Whole(long value) -> OptionalDouble.of((double) value);
            case Real(double value) -> OptionalDouble.of(value);
            default -> throw wrong(name, "a number");
        };
    }

    /// {@return a truth value, or what stands for it where it is absent}
    ///
    /// @param name its name
    /// @param otherwise the value of an absent field
    /// @throws NotUnderstoodException if the field is something else
    public boolean flag(String name, boolean otherwise) {
        return switch (some(name).orElse(null)) {
            case null -> otherwise;
            case Flag(boolean value) -> value;
            default -> throw wrong(name, "true or false");
        };
    }

    /// {@return a text}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is missing or something else
    public String text(String name) {
        return textIfAny(name).orElseThrow(() -> wrong(name, "a text"));
    }

    /// {@return a text, if it is there}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is something else
    public Optional<String> textIfAny(String name) {
        return switch (some(name).orElse(null)) {
            case null -> Optional.empty();
            case Text(String value) -> Optional.of(value);
            default -> throw wrong(name, "a text");
        };
    }

    /// {@return the elements of a list; none where it is absent}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is something else
    public List<Json> items(String name) {
        return switch (some(name).orElse(null)) {
            case null -> List.of();
            case Items(var values) -> values;
            default -> throw wrong(name, "a list");
        };
    }

    /// {@return the texts of a list; none where it is absent}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is no list of texts
    public List<String> texts(String name) {
        var texts = new ArrayList<String>();
        for (Json item : items(name)) {
            if (!(item instanceof Text(String text))) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    /// {@return the whole numbers of a list; none where it is absent}
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is no list of whole numbers
    public List<Long> wholes(String name) {
        var wholes = new ArrayList<Long>();
        for (Json item : items(name)) {
            if (!(item instanceof Whole(long whole))) {
                throw wrong(name, "a list of whole numbers");
            }
            wholes.add(whole);
        }
        return wholes;
    }

    /// {@return the fields below a field, none where it is absent} Each of them has to be read too.
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is something else
    public Keys fields(String name) {
        return switch (some(name).orElse(null)) {
            case null -> track(name, List.of(new Keys(pathOf(name), Fields.EMPTY))).getFirst();
            case Fields found -> track(name, List.of(new Keys(pathOf(name), found))).getFirst();
            default -> throw wrong(name, "an object");
        };
    }

    /// {@return the fields below a field after a change, none where it is absent} Each of them has to be read too.
    ///
    /// @param name its name
    /// @param change makes other fields of those that are there
    /// @throws NotUnderstoodException if the field is something else than an object
    public Keys fields(String name, UnaryOperator<Fields> change) {
        var changed =
                switch (some(name).orElse(Fields.EMPTY)) {
                    case Fields found -> new Keys(pathOf(name), change.apply(found));
                    default -> throw wrong(name, "an object");
                };
        derived.add(changed);
        return changed;
    }

    /// {@return these fields after a change} Each of them has to be read, in place of these.
    ///
    /// @param change makes other fields of these
    public Keys changed(UnaryOperator<Fields> change) {
        read.addAll(names());
        var changed = new Keys(path, change.apply(fields));
        derived.add(changed);
        return changed;
    }

    /// {@return whether a field holds a list} Does not read it.
    ///
    /// @param name its name
    public boolean isList(String name) {
        return fields.get(name).orElse(null) instanceof Items;
    }

    /// {@return the fields of each element of a list; none where it is absent} Each of them has to be read too.
    ///
    /// @param name its name
    /// @throws NotUnderstoodException if the field is no list of objects
    public List<Keys> rows(String name) {
        var rows = new ArrayList<Keys>();
        for (Json row : items(name)) {
            if (!(row instanceof Fields found)) {
                throw wrong(name, "a list of objects");
            }
            rows.add(new Keys("%s[%d]".formatted(pathOf(name), rows.size()), found));
        }
        return track(name, rows);
    }

    private List<Keys> track(String name, List<Keys> found) {
        return below.computeIfAbsent(name, absent -> found);
    }

    /// {@return the paths of the fields that nobody has read}
    public List<String> unread() {
        var unread = new ArrayList<String>();
        for (String name : names()) {
            if (!read.contains(name)) {
                unread.add(pathOf(name));
            }
            below.getOrDefault(name, List.of()).forEach(keys -> unread.addAll(keys.unread()));
        }
        derived.forEach(keys -> unread.addAll(keys.unread()));
        return unread;
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private NotUnderstoodException wrong(String name, String wanted) {
        return new NotUnderstoodException(
                "'%s' is %s, needs to be %s"
                        .formatted(
                                pathOf(name),
                                fields.get(name).map(Json::toString).orElse("missing"),
                                wanted));
    }
}
