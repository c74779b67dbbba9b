package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.rule.Rule.Deviation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where the state of the trainer's loops differs: it is taken between two steps, counts what was interrupted once, and
/// metrics are no part of it.
final class StateRules {
    private static final Pattern IN_EPOCH_END =
            Pattern.compile(".*\\bsaved on train epoch end\\b.*");
    private static final String BATCHES = "batch_progress";
    private static final String LOADERS = "epoch_loop.val_loop.dataloader_progress";
    private static final Json OPEN = Json.of(Map.of("total", Map.of("ready", 1, "completed", 0)));
    private static final Fields NO_RESULTS =
            Fields.EMPTY
                    .with("batch", null)
                    .with("batch_size", null)
                    .with("dataloader_idx", null)
                    .with("device", null)
                    .with("items", Fields.EMPTY);

    private StateRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "F9",
                        subject -> isState(subject) && savedInEpochEnd(subject),
                        subject -> subject.expecting(epochCompleted(subject))),
                new Deviation(
                        "F9",
                        subject -> isState(subject) && savedInBatchEnd(subject),
                        subject -> subject.expecting(batchCompleted(subject))),
                new Deviation(
                        "F22",
                        StateRules::isState,
                        subject -> subject.expecting(countedOnce(subject))),
                new Deviation(
                        "METRICS",
                        StateRules::isState,
                        subject -> subject.expecting(withoutResults(subject))));
    }

    private static boolean isState(Case subject) {
        return subject.area().equals("state_dict");
    }

    // ---- saved in a hook

    private static boolean savedInEpochEnd(Case subject) {
        return subject.setup().get("checkpoint").orElse(null) instanceof Text(String text)
                && IN_EPOCH_END.matcher(text).matches();
    }

    /// The hook asks for a checkpoint; it is written once the epoch is completed.
    private static Fields epochCompleted(Case subject) {
        return subject.expect()
                .changed(
                        "checkpoint_fit_loop_state",
                        state -> Change.in(state, "epoch_progress", StateRules::completed));
    }

    private static Json completed(Json progress) {
        return Change.in(
                Change.in(progress, "total", Totals::oneCompleted),
                "current",
                Totals::oneCompleted);
    }

    private static boolean savedInBatchEnd(Case subject) {
        return subject.setup().has("load")
                && subject.setup().at("trainer", "callbacks").orElse(null) instanceof Items(var all)
                && all.stream()
                        .anyMatch(each ->
                                each instanceof Fields fields
                                        && fields.at("ModelCheckpoint", "every_n_train_steps")
                                                .isPresent());
    }

    /// The batch after which a checkpoint is asked for is completed when it is written, and is not made again.
    private static Fields batchCompleted(Case subject) {
        return subject.expect()
                .changed(
                        "epoch_loop",
                        loop ->
                                Change.in(
                                        Change.in(
                                                loop,
                                                BATCHES + ".current",
                                                current ->
                                                        Change.each(
                                                                current,
                                                                count -> Change.plus(count, 1))),
                                        BATCHES + ".total",
                                        Totals::oneCompleted));
    }

    // ---- after a resume

    /// In a run that goes on, what was interrupted is counted once.
    private static Fields countedOnce(Case subject) {
        var instead = subject.expect();
        Json saved = Fields.EMPTY;
        var runs = Change.items(subject.setup(), "runs");
        for (int i = 0; i < runs.size(); i++) {
            String run = "run" + (i + 1);
            if (runs.get(i) instanceof Fields cut) {
                saved = saved(instead.at(run, "checkpoint_fit_loop_state"), cut);
            } else if (runs.get(i) instanceof Text(String text) && text.startsWith("resume ")) {
                var before = saved;
                instead =
                        instead.changed(
                                run,
                                seen ->
                                        Change.in(
                                                seen,
                                                "fit_loop_state",
                                                end -> Totals.countedOnce(end, before)));
            }
        }
        return instead;
    }

    /// {@return what a run that was cut has saved, with the data loader that a validation was cut in}
    private static Json saved(Optional<Json> state, Fields cut) {
        return state.filter(Fields.class::isInstance)
                .map(Fields.class::cast)
                .map(fields ->
                        Change.text(cut, "fail", "where").equals("validation_step")
                                        && !fields.has(LOADERS)
                                ? fields.with(LOADERS, OPEN)
                                : fields)
                .orElse(Fields.EMPTY);
    }

    // ---- metrics

    /// Metrics are state of the run, beside the loops.
    private static Fields withoutResults(Case subject) {
        return (Fields) withoutResults((Json) subject.expect());
    }

    private static Json withoutResults(Json json) {
        if (!(json instanceof Fields fields)) {
            return json;
        }
        var kept = fields;
        for (var part : fields.entries().entrySet()) {
            kept =
                    part.getKey().matches("(?:.*\\.)?_results")
                                    && isEmpty(part.getValue(), part.getKey())
                            ? kept.without(part.getKey())
                            : kept.changed(part.getKey(), StateRules::withoutResults);
        }
        return kept;
    }

    /// {@return whether nothing was logged in a loop} Only the loop of a training epoch has results of training.
    private static boolean isEmpty(Json results, String place) {
        return results.equals(NO_RESULTS.with("training", place.equals("epoch_loop._results")));
    }
}
