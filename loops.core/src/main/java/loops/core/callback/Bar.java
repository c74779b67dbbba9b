package loops.core.callback;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.OptionalInt;
import java.util.SequencedMap;
import loops.core.training.Activity;

/// How far something has come at a moment.
///
/// The bar of a training counts the batches of an epoch and those of the validations within it.
///
/// @param activity what is going on
/// @param epoch the epoch of training, from 0
/// @param epochs how many epochs there are, if they are limited
/// @param count the batches that are done
/// @param total of how many, if that is known
/// @param metrics what is to be shown beside it, by name; at the end of an epoch, all that was measured
public record Bar(
        Activity activity,
        int epoch,
        OptionalInt epochs,
        int count,
        OptionalInt total,
        SequencedMap<String, Double> metrics) {
    /// Copies the map.
    public Bar {
        metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
    }
}
