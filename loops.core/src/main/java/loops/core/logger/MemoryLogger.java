package loops.core.logger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.LoopState.Real;

/// Keeps all rows in memory: for tests, notebooks and programs that look at their own numbers.
///
/// The state is the rows themselves, so that a checkpoint grows with them.
public final class MemoryLogger implements Logger {
    private final String name;
    private final List<Row> rows = new ArrayList<>();
    private Fields hyperparameters = Fields.empty();

    private MemoryLogger(String name) {
        this.name = name;
    }

    /// {@return a logger without rows, by the name `memory`}
    public static MemoryLogger of() {
        return of("memory");
    }

    /// {@return a logger without rows}
    ///
    /// @param name what it is called
    public static MemoryLogger of(String name) {
        return new MemoryLogger(name);
    }

    /// What one call of [#log] said.
    ///
    /// @param metrics values by name, in their order
    /// @param step what they are about
    public record Row(SequencedMap<String, Double> metrics, long step) {
        /// Copies the values.
        public Row {
            metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
        }

        private Fields state() {
            var values = new LinkedHashMap<String, LoopState>();
            metrics.forEach((metric, value) -> values.put(metric, new Real(value)));
            return Fields.empty().with("step", step).with("metrics", new Fields(values));
        }

        private static Row from(LoopState state) {
            if (!(state instanceof Fields row)) {
                throw new IllegalArgumentException(
                        "MemoryLogger: a row is %s, needs to be named fields".formatted(state));
            }
            StateKeys.require("MemoryLogger", row, "step", "metrics");
            var values = row.fields("metrics");
            var metrics = new LinkedHashMap<String, Double>();
            values.entries().keySet().forEach(metric -> metrics.put(metric, values.real(metric)));
            return new Row(metrics, row.num("step"));
        }
    }

    /// {@return the rows so far, oldest first; later ones do not come into this list}
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /// {@return what the run was started with, as it was said last; no fields if it was not said}
    public Fields hyperparameters() {
        return hyperparameters;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void log(SequencedMap<String, Double> metrics, long step) {
        if (!metrics.isEmpty()) {
            rows.add(new Row(metrics, step));
        }
    }

    @Override
    public void hyperparameters(Fields values) {
        hyperparameters = Objects.requireNonNull(values);
    }

    @Override
    public Fields stateDict() {
        return Fields.empty()
                .with("rows", new Items(rows.stream().<LoopState>map(Row::state).toList()))
                .with("hyperparameters", hyperparameters);
    }

    @Override
    public void loadStateDict(Fields state) {
        StateKeys.require("MemoryLogger", state, "rows", "hyperparameters");
        var loaded = state.items("rows").stream().map(Row::from).toList();
        var values = state.fields("hyperparameters");
        rows.clear();
        rows.addAll(loaded);
        hyperparameters = values;
    }
}
