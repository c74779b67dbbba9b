package loops.core.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import loops.api.Codec;

/// What was measured: the metrics of each data loader, and those logged around all of them.
///
/// With several data loaders the names of the former have the suffix `/dataloader_idx_k`.
///
/// @param loaders the metrics by name, one map for each data loader
public record EvaluationResult(List<SequencedMap<String, Double>> loaders) {
    /// How a result is saved.
    public static final Codec<EvaluationResult> CODEC =
            Codec.of(
                    "the metrics of data loaders",
                    result -> Codec.listOf(Metrics.CODEC).encode(result.loaders()),
                    state -> new EvaluationResult(Codec.listOf(Metrics.CODEC).decode(state)));

    /// Copies the list.
    public EvaluationResult {
        loaders = List.copyOf(loaders);
    }

    /// {@return all metrics under one roof}
    public SequencedMap<String, Double> metrics() {
        var all = new LinkedHashMap<String, Double>();
        loaders.forEach(all::putAll);
        return all;
    }

    /// {@return the value of a metric}
    ///
    /// @param name its name, of several data loaders with the suffix of one
    /// @throws IllegalArgumentException if it was not logged
    public double metric(String name) {
        var all = metrics();
        var value = all.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "EvaluationResult: no metric '%s' was logged, only %s"
                            .formatted(name, all.keySet()));
        }
        return value;
    }
}
