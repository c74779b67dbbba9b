package conformance.check;

import conformance.json.Json;
import conformance.json.Json.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What an interpreter can say about a run, by the names that expectations have for it.
///
/// An interpreter gives all it knows; a case asks for some of it, and only that is worked out. A question that is not
/// known here is a failure of the case.
public final class Answers implements Observed {
    private final SequencedMap<String, Supplier<Observed>> answers = new LinkedHashMap<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final boolean complete;

    private Answers(boolean complete) {
        this.complete = complete;
    }

    /// No answer yet.
    public Answers() {
        this(false);
    }

    /// {@return answers that hold exactly these values: an expectation that asks for less differs}
    ///
    /// @param values what was seen
    static Answers fixed(Map<String, Observed> values) {
        var fixed = new Answers(true);
        values.forEach((name, value) -> fixed.answers.put(name, () -> value));
        return fixed;
    }

    /// Adds an answer that is worked out when it is asked for.
    ///
    /// @param name what an expectation calls it
    /// @param value works it out, as for [Observed#of]
    /// @return this
    public Answers to(String name, Supplier<? extends @Nullable Object> value) {
        answers.put(name, () -> Observed.of(value.get()));
        return this;
    }

    /// Closes something when the answers have been picked.
    ///
    /// @param resource what answers may still need, such as a folder
    /// @return this
    public Answers closing(AutoCloseable resource) {
        resources.add(resource);
        return this;
    }

    /// Closes what answers have needed.
    void close() {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException(resource + " cannot be closed", e);
            }
        }
    }

    @Override
    public Observed pick(Json expected) {
        if (!(expected instanceof Fields(var wanted))) {
            return this;
        }
        SequencedMap<String, Observed> picked = new LinkedHashMap<>();
        if (complete) {
            answers.forEach((name, answer) -> {
                var value = answer.get();
                var asked = wanted.get(name);
                picked.put(name, asked == null ? value : value.pick(asked));
            });
        } else {
            wanted.forEach((name, each) -> picked.put(name, answer(name).pick(each)));
        }
        return fixed(picked);
    }

    /// {@return one answer}
    ///
    /// @param name what an expectation calls it
    /// @throws NotUnderstoodException if it is not known here
    public Observed answer(String name) {
        var answer = answers.get(name);
        if (answer == null) {
            throw new NotUnderstoodException(
                    "unknown key '%s' of expect; this interpreter answers %s"
                            .formatted(name, answers.keySet()));
        }
        return answer.get();
    }

    /// {@return all answers}
    SequencedMap<String, Observed> values() {
        SequencedMap<String, Observed> values = new LinkedHashMap<>();
        answers.forEach((name, answer) -> values.put(name, answer.get()));
        return values;
    }

    @Override
    public String toString() {
        return values().entrySet().stream()
                .map(entry -> '"' + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
