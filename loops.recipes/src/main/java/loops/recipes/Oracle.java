package loops.recipes;

import java.util.LinkedHashMap;
import java.util.Map;

/// Knows the labels of samples, or asks someone who does.
///
/// An oracle may give fewer labels than it was asked for, even none: it is asked again for those that are missing. Between two
/// questions there is a safe point, so a run that waits for a person can be saved, left and gone on with:
///
/// ```java
/// Oracle person = query -> {
///     var labels = read(answers);                                    // what has been filled in by now
///     if (labels.isEmpty()) {
///         write(questions, query.samples());
///         query.run().interrupt("labels are wanted in " + questions);
///     }
///     return labels;
/// };
/// ```
@FunctionalInterface
public interface Oracle {
    /// {@return labels by the numbers of their samples} It may wait a while for the first one; an interruption of the run, as by
    /// Ctrl-C, is seen when it returns, so one that waits long should return nothing now and then.
    ///
    /// @param query the samples whose labels are missing
    Map<Integer, Long> labels(Query query);

    /// {@return one that knows the label of every sample in the pool} For research, where it is only hidden.
    ///
    /// @param labels by the numbers of the samples
    static Oracle of(long... labels) {
        long[] known = labels.clone();
        return query -> {
            var asked = new LinkedHashMap<Integer, Long>();
            query.samples().forEach(sample -> asked.put(sample, known[sample]));
            return asked;
        };
    }
}
