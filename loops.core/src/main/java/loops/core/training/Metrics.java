package loops.core.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import loops.api.Codec;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Real;
import loops.api.Stateful;

/// The latest value of every metric of a run, by name: what callbacks monitor.
public final class Metrics implements Stateful {
    /// How values by name are saved.
    public static final Codec<SequencedMap<String, Double>> CODEC =
            Codec.of("metrics by name", Metrics::write, state -> read((Fields) state));

    private final SequencedMap<String, Double> values = new LinkedHashMap<>();

    /// No metric yet.
    public Metrics() {}

    /// Puts values in, over earlier ones of the same names.
    ///
    /// @param latest values by name
    public void putAll(Map<String, Double> latest) {
        values.putAll(latest);
    }

    /// {@return the value of a metric, if it has been logged}
    ///
    /// @param name the name of the metric
    public OptionalDouble get(String name) {
        var value = values.get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /// {@return all values, in the order in which the names first came}
    public SequencedMap<String, Double> all() {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    @Override
    public Fields stateDict() {
        return write(values);
    }

    @Override
    public void loadStateDict(Fields state) {
        values.clear();
        values.putAll(read(state));
    }

    private static Fields write(SequencedMap<String, Double> values) {
        var fields = new LinkedHashMap<String, LoopState>();
        values.forEach((name, value) -> fields.put(name, new Real(value)));
        return new Fields(fields);
    }

    private static SequencedMap<String, Double> read(Fields fields) {
        var values = new LinkedHashMap<String, Double>();
        fields.entries().keySet().forEach(name -> values.put(name, fields.real(name)));
        return values;
    }
}
