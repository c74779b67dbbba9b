package loops.core.training;

import java.util.Optional;
import java.util.SequencedMap;

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
        SequencedMap<String, Double> metrics) {}
