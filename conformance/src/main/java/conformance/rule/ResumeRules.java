package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Null;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Where a run that goes on differs: it begins where the saved one stood, and nothing is made or counted twice.
final class ResumeRules {
    private static final Set<String> AREAS = Set.of("resume", "fault_tolerance");
    private static final String EPOCH_LOOP = "epoch_loop.state_dict";
    private static final String STEPPED = "_batches_that_stepped";
    private static final String BATCHES = "epoch_loop.batch_progress";
    private static final String VALIDATION_BATCHES =
            "epoch_loop.val_loop.epoch_loop.batch_progress";
    private static final String VALIDATION_DATA =
            "val epoch_loop.state_dict has dataloader_state_dict";
    private static final Pattern UNSAID = Pattern.compile("DistributedSampler|without __next__");
    private static final Pattern MISSING = Pattern.compile("\\[(<.*>)]");

    private ResumeRules() {}

    static List<Rule> all() {
        return List.of(
                of("F9", ResumeRules::notRepeated),
                of("F9", ResumeRules::leftWithinTheBatch),
                of("F10", ResumeRules::notWarned),
                of("F20", ResumeRules::refused),
                of("F22", ResumeRules::countedOnce),
                new Deviation("F27", ResumeRules::tellsDataApart, ResumeRules::anyData),
                of("F28", ResumeRules::withTheValuesOfTheModule));
    }

    private static Rule of(String id, Function<Case, Fields> instead) {
        return new Deviation(
                id, ResumeRules::goesOn, subject -> subject.expecting(instead.apply(subject)));
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
                fields.at(BATCHES, "total", "completed").orElse(null)
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

    // ---- from a checkpoint of the end of a batch

    /// The batch after which a checkpoint was asked for is completed, and not made again.
    private static Fields notRepeated(Case subject) {
        return subject.expect().changed("resumed", runs -> each(runs, ResumeRules::afterTheBatch));
    }

    private static Json afterTheBatch(Json run) {
        if (!(run instanceof Fields fields)
                || !(fields.get("seen").orElse(null) instanceof Items(var seen))) {
            return run;
        }
        return fields.with("seen", seen.stream().skip(1).map(ResumeRules::oneStepLess).toList())
                .changed("global_step", ResumeRules::less)
                .changed("batch_progress", progress -> each(progress, Totals::processed));
    }

    private static Json oneStepLess(Json step) {
        if (!(step instanceof Items(var numbers))) {
            return step;
        }
        var less = new ArrayList<>(numbers);
        less.addLast(less(less.removeLast()));
        return new Items(less);
    }

    private static Json less(Json steps) {
        return steps instanceof Whole(long n) ? new Whole(n - 1) : steps;
    }

    // ---- after a signal

    /// A signal in a training step is met between the optimizers of the batch, before the batch is completed; a validation
    /// after the batch is not begun.
    private static Fields leftWithinTheBatch(Case subject) {
        if (!subject.setup()
                .at("signal_sent", "in")
                .equals(Optional.of((Json) new Text("training_step")))) {
            return subject.expect();
        }
        long limit =
                subject.setup().at("trainer", "limit_val_batches").orElse(null)
                                instanceof Whole(long batches)
                        ? batches
                        : Long.MAX_VALUE;
        boolean validates =
                subject.expect().get("exits_gracefully_in").orElse(null)
                                instanceof Text(String loop)
                        && loop.startsWith("Evaluation");
        return subject.expect()
                .changed(
                        "checkpoint",
                        saved -> {
                            var left = in(saved, BATCHES, ResumeRules::lastNotCompleted);
                            return validates && left instanceof Fields fields
                                    ? beforeTheValidation(fields, limit)
                                    : left;
                        });
    }

    private static Json lastNotCompleted(Json progress) {
        return each(
                progress,
                counts ->
                        in(
                                in(counts, "processed", ResumeRules::less),
                                "completed",
                                ResumeRules::less));
    }

    private static Fields beforeTheValidation(Fields saved, long limit) {
        return saved.changed(VALIDATION_BATCHES, progress -> lastValidation(progress, limit))
                .changed(VALIDATION_DATA, amid -> Json.of(false));
    }

    /// @param limit how many batches a validation has
    private static Json lastValidation(Json progress, long limit) {
        if (!(progress instanceof Fields fields)) {
            return progress;
        }
        var total = each(fields.get("total").orElse(Fields.EMPTY), ResumeRules::less);
        return fields.with("total", total)
                .with("current", each(total, count -> atMost(limit, count)))
                .with("is_last_batch", !total.equals(each(total, count -> new Whole(0))));
    }

    private static Json atMost(long limit, Json count) {
        return count instanceof Whole(long n) ? new Whole(Math.min(n, limit)) : count;
    }

    // ---- from the middle of an epoch

    /// The rest of an epoch is made with the rest of its data, so there is nothing to warn of.
    private static Fields notWarned(Case subject) {
        return subject.expect()
                .changed(
                        "warning 'resuming from a checkpoint that ended'",
                        warned -> Json.of(false));
    }

    // ---- with other callbacks

    /// What was saved of a callback that is not there any more is not given up with a warning: it is an error.
    private static Fields refused(Case subject) {
        if (!subject.setup().has("resumed_with")
                || !(subject.expect().get("warning_contains").orElse(null)
                        instanceof Items(var warnings))) {
            return subject.expect();
        }
        return subject.expect()
                .with("warning_contains", warnings.stream().map(said -> new Null()).toList())
                .with("refused_without", warnings.stream().map(ResumeRules::named).toList());
    }

    private static Json named(Json warning) {
        if (!(warning instanceof Text(String text))) {
            return warning;
        }
        var found = MISSING.matcher(text);
        return found.find() ? new Text(found.group(1)) : warning;
    }

    // ---- after an earlier run of the same trainer

    /// What measures without a checkpoint does so with the values that its module has.
    private static Fields withTheValuesOfTheModule(Case subject) {
        var setup = subject.setup();
        if (setup.get("rows").orElse(null) instanceof Items(var rows)) {
            var none = rows.stream().map(ResumeRules::measuresWithoutACheckpoint).toList();
            return subject.expect()
                    .changed("path", paths -> nullWhere(none, paths))
                    .changed("warning", warnings -> nullWhere(none, warnings));
        }
        boolean none =
                setup.has("fn")
                        && setup.has("ckpt_path")
                        && measuresWithoutACheckpoint(
                                new Items(
                                        List.of(
                                                setup.get("fn").orElseThrow(),
                                                setup.get("ckpt_path").orElseThrow())));
        return none
                ? subject.expect().with("trainer.ckpt_path", new Null()).with("warning", new Null())
                : subject.expect();
    }

    /// @param row a function, and the checkpoint that it is called with
    private static boolean measuresWithoutACheckpoint(Json row) {
        return row instanceof Items(var values)
                && values.size() == 2
                && !values.getFirst().equals(new Text("fit"))
                && values.getLast() instanceof Null;
    }

    private static Json nullWhere(List<Boolean> none, Json values) {
        if (!(values instanceof Items(var all)) || all.size() != none.size()) {
            return values;
        }
        var changed = new ArrayList<>(all);
        for (int i = 0; i < changed.size(); i++) {
            if (none.get(i)) {
                changed.set(i, new Null());
            }
        }
        return new Items(changed);
    }

    // ---- with data of any order

    private static boolean tellsDataApart(Case subject) {
        return goesOn(subject)
                && subject.setup().has("rows")
                && subject.expect().has("rows")
                && !subject.setup().has("files");
    }

    /// Order, number and kind of the sources are of no account, so a fit with any of them goes on. What cannot be said here is
    /// left out: there is one process, and types see to it that a source gives its batches.
    private static Case anyData(Case subject) {
        if (!(subject.setup().get("rows").orElse(null) instanceof Items(var rows))) {
            return subject;
        }
        var kept = rows.stream().filter(row -> !UNSAID.matcher(row.toString()).find()).toList();
        return subject.with(
                subject.setup().with("rows", kept),
                subject.expect().with("rows", kept.stream().map(row -> "ok").toList()));
    }

    private static Json each(Json json, UnaryOperator<Json> change) {
        if (!(json instanceof Fields fields)) {
            return json;
        }
        var changed = fields;
        for (String name : fields.entries().keySet()) {
            changed = changed.changed(name, change);
        }
        return changed;
    }

    private static Json in(Json json, String name, UnaryOperator<Json> change) {
        return json instanceof Fields fields ? fields.changed(name, change) : json;
    }
}
