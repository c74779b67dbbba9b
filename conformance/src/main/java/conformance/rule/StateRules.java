package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Where the state of the trainer's loops differs: it is taken between two steps, counts what was interrupted once, and
/// metrics are no part of it.
final class StateRules {
    private static final Pattern IN_EPOCH_END =
            Pattern.compile(".*\\bsaved on train epoch end\\b.*");
    private static final String BATCHES = "batch_progress";

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
                        state -> in(state, "epoch_progress", StateRules::completed));
    }

    private static Json completed(Json progress) {
        return in(in(progress, "total", Totals::processed), "current", Totals::processed);
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
                                loop instanceof Fields counts
                                        ? counts.changed(
                                                        BATCHES + ".current",
                                                        current -> plus(current, open(counts)))
                                                .changed(BATCHES + ".total", Totals::processed)
                                        : loop);
    }

    /// {@return how many batches were processed and not completed}
    private static long open(Fields counts) {
        return counts.at(BATCHES + ".total", "processed").orElse(null) instanceof Whole(long done)
                        && counts.at(BATCHES + ".total", "completed").orElse(null)
                                instanceof Whole(long completed)
                ? done - completed
                : 0;
    }

    private static Json plus(Json counts, long more) {
        if (!(counts instanceof Fields fields)) {
            return counts;
        }
        var sum = fields;
        for (String stage : fields.entries().keySet()) {
            sum =
                    sum.changed(
                            stage,
                            count ->
                                    count instanceof Whole(long value)
                                            ? new Whole(value + more)
                                            : count);
        }
        return sum;
    }

    // ---- after a resume

    /// In a run that goes on, what was interrupted is counted once: at the end all totals are at what was completed.
    private static Fields countedOnce(Case subject) {
        var instead = subject.expect();
        if (subject.setup().get("runs").orElse(null) instanceof Items(var runs)) {
            for (int i = 0; i < runs.size(); i++) {
                if (runs.get(i) instanceof Text(String text) && text.startsWith("resume ")) {
                    instead =
                            instead.changed(
                                    "run" + (i + 1),
                                    run -> in(run, "fit_loop_state", Totals::completed));
                }
            }
        }
        return instead;
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
        for (String name : fields.entries().keySet()) {
            kept =
                    name.equals("_results") || name.endsWith("._results")
                            ? kept.without(name)
                            : kept.changed(name, StateRules::withoutResults);
        }
        return kept;
    }

    private static Json in(Json json, String name, UnaryOperator<Json> change) {
        return json instanceof Fields fields ? fields.changed(name, change) : json;
    }
}
