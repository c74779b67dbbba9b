package conformance.check;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What was seen of a run, in a form that can be held against an expectation.
public sealed interface Observed
        permits Observed.Value,
                Observed.Kind,
                Observed.Message,
                Observed.Names,
                Observed.Rows,
                Answers {
    /// A plain value.
    ///
    /// @param json the value
    record Value(Json json) implements Observed {
        @Override
        public String toString() {
            return json.toString();
        }
    }

    /// What was thrown, of which the kind is compared; see [ErrorKinds].
    ///
    /// @param thrown what was thrown, if anything
    record Kind(Optional<Throwable> thrown) implements Observed {
        @Override
        public String toString() {
            return thrown.map(Throwable::toString).orElse("nothing thrown");
        }
    }

    /// A message for people, of which the values named in it are compared; see [NamedValues].
    ///
    /// @param text the message, if there was one
    record Message(Optional<String> text) implements Observed {
        @Override
        public String toString() {
            return text.map(said -> "message: " + said).orElse("no message");
        }
    }

    /// Names, each once, in whatever order, as those of the files in a folder.
    ///
    /// @param names the names
    record Names(Set<String> names) implements Observed {
        /// Copies the set.
        public Names {
            names = Set.copyOf(names);
        }

        @Override
        public String toString() {
            return new TreeSet<>(names).toString();
        }
    }

    /// Several, in order.
    ///
    /// @param rows what was seen
    record Rows(List<Observed> rows) implements Observed {
        /// Copies the list.
        public Rows {
            rows = List.copyOf(rows);
        }

        @Override
        public Observed pick(Json expected) {
            if (!(expected instanceof Items(var wanted)) || wanted.size() != rows.size()) {
                return this;
            }
            var picked = new ArrayList<Observed>();
            for (int i = 0; i < rows.size(); i++) {
                picked.add(rows.get(i).pick(wanted.get(i)));
            }
            return new Rows(picked);
        }

        @Override
        public String toString() {
            return rows.stream()
                    .map(Observed::toString)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /// {@return the part of this that an expectation asks for, with all questions answered}
    ///
    /// @param expected what is expected
    /// @throws NotUnderstoodException if it asks for something that is not known here
    default Observed pick(Json expected) {
        return this;
    }

    /// {@return what was seen, from a plain Java value}
    ///
    /// @param value as for [Json#of], with anything observed in it; a throwable stands for its kind
    static Observed of(@Nullable Object value) {
        return switch (value) {
            case Observed observed -> observed;
            case Throwable thrown -> new Kind(Optional.of(thrown));
            case Fields fields -> new Value(fields);
            case Collection<?> values -> new Rows(values.stream().map(Observed::of).toList());
            case Map<?, ?> entries -> {
                SequencedMap<String, Observed> all = new LinkedHashMap<>();
                entries.forEach((name, each) -> all.put(String.valueOf(name), of(each)));
                yield Answers.fixed(all);
            }
            case null, default -> new Value(Json.of(value));
        };
    }

    /// {@return the kind of what was thrown}
    ///
    /// @param thrown what was thrown, or null
    static Observed kind(@Nullable Throwable thrown) {
        return new Kind(Optional.ofNullable(thrown));
    }

    /// {@return the message of what was thrown}
    ///
    /// @param thrown what was thrown, or null
    static Observed message(@Nullable Throwable thrown) {
        return new Message(
                Optional.ofNullable(thrown).map(each -> String.valueOf(each.getMessage())));
    }

    /// {@return a message, for instance of a log}
    ///
    /// @param text the message, or null
    static Observed said(@Nullable String text) {
        return new Message(Optional.ofNullable(text));
    }
}
