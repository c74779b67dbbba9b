package loops.core.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import loops.api.Codec;

/// What was measured: the means of each data loader's metrics.
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

    /// {@return all metrics under one roof} With several data loaders each name gets the suffix `/dataloader_idx_k`.
    public SequencedMap<String, Double> metrics() {
        if (loaders.size() == 1) {
            return loaders.getFirst();
        }
        var all = new LinkedHashMap<String, Double>();
        for (int i = 0; i < loaders.size(); i++) {
            String suffix = "/dataloader_idx_" + i;
            loaders.get(i).forEach((name, value) -> all.put(name + suffix, value));
        }
        return all;
    }
}
