package loops.core.training;

import java.util.Optional;
import java.util.SequencedMap;
import loops.api.Codec;
import loops.api.LoopState.Fields;

/// What a fit came to.
///
/// @param epochs the epochs that were trained, also one that was cut short
/// @param globalStep the optimizer steps that were made
/// @param stopReason why it stopped early, if it was asked to
/// @param metrics the latest value of every metric
public record FitResult(
        int epochs,
        long globalStep,
        Optional<String> stopReason,
        SequencedMap<String, Double> metrics) {
    /// How a result is saved.
    public static final Codec<FitResult> CODEC =
            Codec.of("the result of a fit", FitResult::write, state -> read((Fields) state));

    /// {@return the latest value of a metric}
    ///
    /// @param name its name
    /// @throws IllegalArgumentException if it was not logged
    public double metric(String name) {
        var value = metrics.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "FitResult: no metric '%s' was logged, only %s"
                            .formatted(name, metrics.keySet()));
        }
        return value;
    }

    private static Fields write(FitResult result) {
        var fields =
                Fields.empty()
                        .with("epochs", result.epochs)
                        .with("global_step", result.globalStep)
                        .with("metrics", Metrics.CODEC.encode(result.metrics));
        return result.stopReason.map(reason -> fields.with("stop_reason", reason)).orElse(fields);
    }

    private static FitResult read(Fields fields) {
        return new FitResult(
                Math.toIntExact(fields.num("epochs")),
                fields.num("global_step"),
                fields.has("stop_reason")
                        ? Optional.of(fields.text("stop_reason"))
                        : Optional.empty(),
                Metrics.CODEC.decode(fields.fields("metrics")));
    }
}
