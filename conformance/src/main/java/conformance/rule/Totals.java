package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Real;
import conformance.json.Json.Whole;
import java.util.Optional;

/// What counts in a state of a fit are here.
final class Totals {
    private static final String VALIDATION_BATCHES =
            "epoch_loop.val_loop.epoch_loop.batch_progress";

    private Totals() {}

    /// {@return the state of a run at its end} What was interrupted is counted once: all stages are at what was completed.
    ///
    /// @param state the state, flat
    static Json completed(Json state) {
        if (!(state instanceof Fields fields)) {
            return state;
        }
        var once = fields;
        for (var part : fields.entries().entrySet()) {
            if (part.getValue() instanceof Fields progress) {
                once =
                        once.with(
                                part.getKey(),
                                part.getKey().equals("total")
                                        ? allCompleted(progress)
                                        : completed(progress));
            }
        }
        return once;
    }

    private static Json allCompleted(Fields counts) {
        var completed = counts.get("completed").orElse(null);
        if (completed == null) {
            return counts;
        }
        var all = counts;
        for (String stage : counts.entries().keySet()) {
            all = all.with(stage, completed);
        }
        return all;
    }

    /// {@return counts of which all that was processed is completed}
    ///
    /// @param counts the counts, by their stages
    static Json processed(Json counts) {
        return counts instanceof Fields fields && fields.has("processed")
                ? fields.with("completed", fields.get("processed").orElseThrow())
                : counts;
    }

    /// {@return a state with the total of validation batches that we have}
    ///
    /// The original drops it where an epoch begins, we where the first validation of an epoch does: after an epoch without
    /// any, ours is that of the last epoch that had some.
    ///
    /// @param subject says how often an epoch is validated
    /// @param state the state, flat
    static Json ofTheLastValidation(Case subject, Json state) {
        return state instanceof Fields fields && dropped(fields)
                ? kept(fields, perEpoch(subject))
                : state;
    }

    private static boolean dropped(Fields state) {
        return number(state, VALIDATION_BATCHES, "total", "completed").equals(Optional.of(0L))
                && number(state, VALIDATION_BATCHES, "current", "completed").orElse(0L) > 0;
    }

    /// {@return how often an epoch is validated}
    private static long perEpoch(Case subject) {
        return subject.setup().at("trainer", "val_check_interval").orElse(null)
                        instanceof Real(double part)
                ? Math.round(1 / part)
                : 1;
    }

    private static Fields kept(Fields state, long times) {
        long loaders =
                number(state, "epoch_loop.val_loop.dataloader_progress", "current", "completed")
                        .orElse(1L);
        var current = state.at(VALIDATION_BATCHES, "current").orElseThrow();
        var total = Fields.EMPTY;
        for (var count : ((Fields) current).entries().entrySet()) {
            total =
                    total.with(
                            count.getKey(),
                            count.getValue() instanceof Whole(long n)
                                    ? new Whole(n * loaders * times)
                                    : count.getValue());
        }
        var dropped = total;
        return state.changed(
                VALIDATION_BATCHES,
                progress ->
                        progress instanceof Fields fields
                                ? fields.with("total", dropped)
                                : progress);
    }

    private static Optional<Long> number(Fields state, String... path) {
        return state.at(path).map(json -> json instanceof Whole(long n) ? n : 0L);
    }
}
