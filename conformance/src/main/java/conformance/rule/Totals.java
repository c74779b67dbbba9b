package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Real;
import conformance.json.Json.Whole;

/// What counts in a state of a fit are here.
final class Totals {
    private static final String VALIDATION_BATCHES =
            "epoch_loop.val_loop.epoch_loop.batch_progress";

    private Totals() {}

    /// {@return the state of a run that went on, at its end} What was open where it was saved is counted once.
    ///
    /// @param state the state, flat
    /// @param saved the state that it went on from, flat
    static Json countedOnce(Json state, Json saved) {
        var once = state;
        if (saved instanceof Fields fields) {
            for (var part : fields.entries().entrySet()) {
                once =
                        Change.in(
                                once,
                                part.getKey(),
                                end ->
                                        part.getKey().equals("total")
                                                ? withoutOpen(end, part.getValue())
                                                : countedOnce(end, part.getValue()));
            }
        }
        return once;
    }

    private static Json withoutOpen(Json end, Json saved) {
        if (!(end instanceof Fields counts) || !(saved instanceof Fields then)) {
            return end;
        }
        var once = counts;
        for (String stage : counts.entries().keySet()) {
            long open = Math.min(begun(then, stage), begun(counts, stage));
            once = once.changed(stage, count -> Change.plus(count, -open));
        }
        return once;
    }

    /// {@return how many have come to a stage, and are not completed}
    private static long begun(Fields counts, String stage) {
        return Math.max(0, Change.whole(counts, 0, stage) - Change.whole(counts, 0, "completed"));
    }

    /// {@return counts of which one more is completed}
    ///
    /// @param counts the counts, by their stages
    static Json oneCompleted(Json counts) {
        return Change.in(counts, "completed", completed -> Change.plus(completed, 1));
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
        return state.at(VALIDATION_BATCHES, "total").orElse(null) instanceof Fields total
                && total.entries().values().stream().allMatch(new Whole(0)::equals)
                && Change.whole(state, 0, VALIDATION_BATCHES, "current", "completed") > 0;
    }

    /// {@return how often an epoch is validated}
    private static long perEpoch(Case subject) {
        return subject.setup().at("trainer", "val_check_interval").orElse(null)
                        instanceof Real(double part)
                ? Math.round(1 / part)
                : 1;
    }

    private static Json kept(Fields state, long times) {
        long loaders =
                Change.whole(
                        state,
                        1,
                        "epoch_loop.val_loop.dataloader_progress",
                        "current",
                        "completed");
        var last = state.at(VALIDATION_BATCHES, "current").orElse(Fields.EMPTY);
        return state.changed(
                VALIDATION_BATCHES,
                progress ->
                        Change.in(
                                progress,
                                "total",
                                total ->
                                        Change.each(
                                                last,
                                                count ->
                                                        count instanceof Whole(long n)
                                                                ? new Whole(n * loaders * times)
                                                                : count)));
    }
}
