package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Where a run that goes on differs: it begins where the saved one stood, and nothing is made or counted twice.
final class ResumeRules {
    private static final Set<String> AREAS = Set.of("resume", "fault_tolerance");
    private static final String EPOCH_LOOP = "epoch_loop.state_dict";
    private static final String STEPPED = "_batches_that_stepped";

    private ResumeRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "F22",
                        ResumeRules::goesOn,
                        subject -> subject.expecting(countedOnce(subject))));
    }

    private static boolean goesOn(Case subject) {
        return AREAS.contains(subject.area());
    }

    // ---- after a failure

    private static Fields countedOnce(Case subject) {
        return subject.expect()
                .changed(
                        "checkpoint",
                        saved ->
                                in(
                                        saved,
                                        "fit_loop_state",
                                        state -> Totals.ofTheLastValidation(subject, state)))
                .changed(
                        "final",
                        end ->
                                in(
                                        end,
                                        "fit_loop_state",
                                        state -> steppedOnce(Totals.completed(state))));
    }

    /// A batch of which the first step failed has stepped once as well.
    private static Json steppedOnce(Json state) {
        if (!(state instanceof Fields fields)) {
            return state;
        }
        long batches =
                fields.at("epoch_loop.batch_progress", "total", "completed").orElse(null)
                                instanceof Whole(long completed)
                        ? completed
                        : Long.MAX_VALUE;
        return fields.changed(
                EPOCH_LOOP,
                loop ->
                        in(
                                loop,
                                STEPPED,
                                count ->
                                        count instanceof Whole(long n)
                                                ? new Whole(Math.min(n, batches))
                                                : count));
    }

    private static Json in(Json json, String name, UnaryOperator<Json> change) {
        return json instanceof Fields fields ? fields.changed(name, change) : json;
    }
}
