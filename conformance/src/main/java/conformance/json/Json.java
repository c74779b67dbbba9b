package conformance.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A JSON value. Whole numbers and those with a point are told apart, and the order of fields is kept.
public sealed interface Json {
    /// The value `null`.
    record Null() implements Json {
        @Override
        public String toString() {
            return "null";
        }
    }

    /// A truth value.
    ///
    /// @param value the value
    record Flag(boolean value) implements Json {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /// A number without a point.
    ///
    /// @param value the value
    record Whole(long value) implements Json {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /// A number with a point or an exponent; the infinities and NaN too, which JSON text has not.
    ///
    /// @param value the value
    record Real(double value) implements Json {
        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    /// A string.
    ///
    /// @param value the characters
    record Text(String value) implements Json {
        @Override
        public String toString() {
            return quoted(value);
        }
    }

    /// A list.
    ///
    /// @param values the elements
    record Items(List<Json> values) implements Json {
        /// Copies the list.
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public String toString() {
            return values.stream().map(Json::toString).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /// An object: values by name, in order.
    ///
    /// @param entries the values
    record Fields(SequencedMap<String, Json> entries) implements Json {
        /// No field.
        public static final Fields EMPTY = new Fields(new LinkedHashMap<>());

        /// Copies the map.
        public Fields {
            entries = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
        }

        /// {@return whether there is a field of this name}
        ///
        /// @param name the name
        public boolean has(String name) {
            return entries.containsKey(name);
        }

        /// {@return the value of a field}
        ///
        /// @param name its name
        public Optional<Json> get(String name) {
            return Optional.ofNullable(entries.get(name));
        }

        /// {@return the value of a field of a field, down the names}
        ///
        /// @param names the names, outermost first
        public Optional<Json> at(String... names) {
            Optional<Json> here = Optional.of(this);
            for (String name : names) {
                here =
                        here.flatMap(
                                json -> json instanceof Fields f ? f.get(name) : Optional.empty());
            }
            return here;
        }

        /// {@return these fields with one set}
        ///
        /// @param name its name
        /// @param value its value, as for [Json#of]
        public Fields with(String name, @Nullable Object value) {
            var changed = new LinkedHashMap<>(entries);
            changed.put(name, Json.of(value));
            return new Fields(changed);
        }

        /// {@return these fields without one}
        ///
        /// @param name its name
        public Fields without(String name) {
            var changed = new LinkedHashMap<>(entries);
            changed.remove(name);
            return new Fields(changed);
        }

        /// {@return these fields with the value of one changed, if there is such a field}
        ///
        /// @param name its name
        /// @param change makes the new value from the old one
        public Fields changed(String name, UnaryOperator<Json> change) {
            return get(name).map(old -> with(name, change.apply(old))).orElse(this);
        }

        @Override
        public String toString() {
            return entries.entrySet().stream()
                    .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /// {@return a plain Java value as JSON}
    ///
    /// @param value null, a boolean, a number, a string, a collection, a map, an optional or JSON
    /// @throws IllegalArgumentException if it is something else
    static Json of(@Nullable Object value) {
        return switch (value) {
            case null -> new Null();
            case Json json -> json;
            case Boolean flag -> new Flag(flag);
            case Integer whole -> new Whole(whole);
            case Long whole -> new Whole(whole);
            case Float real -> new Real(real);
            case Double real -> new Real(real);
            case String text -> new Text(text);
            case Optional<?> maybe -> of(maybe.orElse(null));
            case Collection<?> values -> {
                var items = new ArrayList<Json>();
                values.forEach(each -> items.add(of(each)));
                yield new Items(items);
            }
            case Map<?, ?> entries -> {
                var fields = new LinkedHashMap<String, Json>();
                entries.forEach((name, each) -> fields.put(String.valueOf(name), of(each)));
                yield new Fields(fields);
            }
            default ->
                    throw new IllegalArgumentException(
                            "Json.of: a %s has no JSON form".formatted(value.getClass().getName()));
        };
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + '"';
    }
}
