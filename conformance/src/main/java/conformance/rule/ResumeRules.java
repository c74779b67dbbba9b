package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Null;
import conformance.json.Json.Real;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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
    private static final Pattern MISSING = Pattern.compile(".*\\[(<.*>)]");
    private static final Pattern FILE = Pattern.compile("epoch=(\\d+)-step=(\\d+)\\.ckpt");
    private static final Pattern STOP =
            Pattern.compile("(exception|(?:trainer\\.)?should_stop)\\b.* at batch_idx (\\d+)");
    private static final Pattern BEST = Pattern.compile("best_model_path = (.*)");

    /// What the original says where it takes the best checkpoint by itself.
    private static final Pattern WARNING =
            Pattern.compile(
                    "The best model of the previous `fit` call will be used|"
                            + "There is also a fault-tolerant checkpoint available");

    private static final Json OK = new Text("ok");
    private static final long SAMPLES = 64;
    private static final String[] LIMIT = {"trainer", "limit_train_batches"};

    private ResumeRules() {}

    static List<Rule> all() {
        return List.of(
                of("F9", ResumeRules::notRepeated),
                of("F9", ResumeRules::leftWithinTheBatch),
                of("F10", ResumeRules::notWarned),
                of("F20", ResumeRules::refused),
                of("F22", ResumeRules::countedOnce),
                new Deviation(
                        "F27",
                        ResumeRules::tellsDataApart,
                        ResumeRules::anyData,
                        Set.of("rows[*].*")),
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
        var saved = subject.expect().at("checkpoint", "fit_loop_state").orElse(Fields.EMPTY);
        long skipped = skipsABatch(subject.setup()) ? 1 : 0;
        return subject.expect()
                .changed(
                        "checkpoint",
                        checkpoint ->
                                Change.in(
                                        checkpoint,
                                        "fit_loop_state",
                                        state -> Totals.ofTheLastValidation(subject, state)))
                .changed(
                        "final",
                        end ->
                                Change.in(
                                        end,
                                        "fit_loop_state",
                                        state ->
                                                Change.in(
                                                        Totals.countedOnce(state, saved),
                                                        EPOCH_LOOP,
                                                        loop -> steppedLess(loop, skipped))));
    }

    private static Json steppedLess(Json loop, long batches) {
        return Change.in(loop, STEPPED, count -> Change.plus(count, -batches));
    }

    /// Where as many batches were completed as lie between two validations, the original begins with a batch that it does not
    /// train with, and counts it among those that have stepped.
    private static boolean skipsABatch(Fields setup) {
        long batches = Change.whole(setup, 0, "trainer", "limit_train_batches");
        long between =
                switch (setup.at("trainer", "val_check_interval").orElse(new Real(1))) {
                    case Whole(long n) -> n;
                    case Real(double part) -> (long) (batches * part);
                    default -> batches;
                };
        return setup.at("fail", "where").equals(Optional.of((Json) new Text("training_step")))
                && Change.whole(setup, 1, "trainer", "limit_val_batches") != 0
                && between > 0
                && Change.whole(setup, 1, "fail", "batch_idx") % between == 0;
    }

    // ---- from a checkpoint of the end of a batch

    /// The batch after which a checkpoint was asked for is completed, and not made again.
    private static Fields notRepeated(Case subject) {
        long optimizers = Change.whole(subject.setup(), 1, "optimizers");
        return subject.expect()
                .changed(
                        "resumed",
                        runs ->
                                Change.eachNamed(
                                        runs, (file, run) -> afterTheBatch(file, run, optimizers)));
    }

    private static Json afterTheBatch(String file, Json run, long optimizers) {
        if (!(run instanceof Fields fields) || !repeats(file, fields)) {
            return run;
        }
        return fields.changed("seen", seen -> withoutFirst(seen, optimizers))
                .changed("global_step", steps -> Change.plus(steps, -optimizers))
                .changed("batch_progress", progress -> Change.each(progress, Totals::oneCompleted));
    }

    /// {@return whether the batch that is made first is the one that was not completed when the file was written}
    private static boolean repeats(String file, Fields run) {
        var name = FILE.matcher(file);
        var seen = Change.items(run, "seen");
        return name.matches()
                && !seen.isEmpty()
                && seen.getFirst()
                        .equals(
                                Json.of(
                                        List.of(
                                                Long.parseLong(name.group(1)),
                                                Change.whole(
                                                        run,
                                                        0,
                                                        "batch_progress",
                                                        "current",
                                                        "completed"),
                                                Long.parseLong(name.group(2)))));
    }

    private static Json withoutFirst(Json seen, long steps) {
        var kept = Change.items(seen);
        return Change.each(
                new Items(kept.subList(1, kept.size())),
                batch ->
                        Change.eachAt(
                                batch,
                                (i, number) ->
                                        i == Change.items(batch).size() - 1
                                                ? Change.plus(number, -steps)
                                                : number));
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
        long limit = Change.whole(subject.setup(), SAMPLES, "trainer", "limit_val_batches");
        boolean validates =
                Change.text(subject.expect(), "exits_gracefully_in").startsWith("Evaluation");
        return subject.expect()
                .changed(
                        "checkpoint",
                        saved -> {
                            var left = Change.in(saved, BATCHES, ResumeRules::lastNotCompleted);
                            return validates ? beforeTheValidation(left, limit) : left;
                        });
    }

    private static Json lastNotCompleted(Json progress) {
        return Change.each(
                progress,
                counts ->
                        Change.in(
                                Change.in(counts, "processed", ResumeRules::less),
                                "completed",
                                ResumeRules::less));
    }

    private static Json less(Json count) {
        return Change.plus(count, -1);
    }

    private static Json beforeTheValidation(Json saved, long limit) {
        return Change.in(
                Change.in(saved, VALIDATION_BATCHES, progress -> lastValidation(progress, limit)),
                VALIDATION_DATA,
                Change::not);
    }

    /// The first batch of a validation is not made: what it has counted stands as the validation before has left it, if
    /// there was one.
    ///
    /// @param limit how many batches a validation has
    private static Json lastValidation(Json progress, long limit) {
        if (!(progress instanceof Fields fields)) {
            return progress;
        }
        boolean isFirst = Change.whole(fields, 0, "total", "ready") <= 1;
        boolean wasLast = limit == 1;
        return fields.changed("total", total -> Change.each(total, ResumeRules::less))
                .changed(
                        "current",
                        current ->
                                Change.each(
                                        current,
                                        count -> Change.plus(count, isFirst ? -1 : limit - 1)))
                .changed("is_last_batch", last -> isFirst == wasLast ? Change.not(last) : last);
    }

    // ---- from the middle of an epoch

    /// The rest of an epoch is made with the rest of its data, so there is nothing to warn of where some batches of it were
    /// made.
    private static Fields notWarned(Case subject) {
        var stop = STOP.matcher(Change.text(subject.setup(), "stop"));
        if (!stop.matches()) {
            return subject.expect();
        }
        long made = Long.parseLong(stop.group(2)) + (stop.group(1).equals("exception") ? 0 : 1);
        boolean amid = made % Change.whole(subject.setup(), SAMPLES, LIMIT) != 0;
        return subject.expect()
                .changed(
                        "warning 'resuming from a checkpoint that ended'",
                        warned -> amid ? Change.not(warned) : warned);
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
                .with(
                        "warning_contains",
                        warnings.stream()
                                .map(warning -> missing(warning).isPresent() ? new Null() : warning)
                                .toList())
                .with(
                        "refused_without",
                        warnings.stream().map(warning -> Json.of(missing(warning))).toList());
    }

    private static Optional<String> missing(Json warning) {
        var found = MISSING.matcher(warning instanceof Text(String text) ? text : "");
        return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
    }

    // ---- after an earlier run of the same trainer

    /// What measures without a checkpoint does so with the values that its module has, and not with those of the best
    /// checkpoint of a fit before it, of which the original warns.
    private static Fields withTheValuesOfTheModule(Case subject) {
        var setup = subject.setup();
        var expect = subject.expect();
        var best = best(setup);
        if (setup.get("rows").orElse(null) instanceof Items(var rows)) {
            var paths = Change.items(expect, "path");
            var said = Change.items(expect, "warning");
            var taken =
                    IntStream.range(0, Math.min(paths.size(), said.size()))
                            .mapToObj(i ->
                                    i < rows.size()
                                            && measuresWithoutACheckpoint(rows.get(i))
                                            && takes(best, paths.get(i), said.get(i)))
                            .toList();
            return expect.changed("path", all -> nullWhere(taken, all))
                    .changed("warning", all -> nullWhere(taken, all));
        }
        var row =
                Json.of(
                        List.of(
                                setup.get("fn").orElse(new Null()),
                                setup.get("ckpt_path").orElse(new Text(""))));
        return measuresWithoutACheckpoint(row)
                        && takes(
                                best,
                                expect.get("trainer.ckpt_path").orElse(new Null()),
                                expect.get("warning").orElse(new Null()))
                ? expect.with("trainer.ckpt_path", new Null()).with("warning", new Null())
                : expect;
    }

    private static boolean takes(String best, Json path, Json said) {
        return path.equals(new Text(best))
                && said instanceof Text(String warning)
                && WARNING.matcher(warning).matches();
    }

    /// {@return the path of the best checkpoint}
    private static String best(Fields setup) {
        return Change.items(setup, "files").stream()
                .map(file -> BEST.matcher(file instanceof Text(String text) ? text : ""))
                .filter(Matcher::matches)
                .map(named -> named.group(1))
                .findFirst()
                .orElse("best_model_path");
    }

    /// @param row a function, and the checkpoint that it is called with
    private static boolean measuresWithoutACheckpoint(Json row) {
        return row instanceof Items(var values)
                && values.size() == 2
                && !values.getFirst().equals(new Text("fit"))
                && values.getLast() instanceof Null;
    }

    private static Json nullWhere(List<Boolean> places, Json values) {
        return Change.eachAt(
                values, (i, value) -> i < places.size() && places.get(i) ? new Null() : value);
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
        var rows = Change.items(subject.setup(), "rows");
        var told = Change.items(subject.expect(), "rows");
        if (told.size() != rows.size()) {
            return subject;
        }
        var kept =
                IntStream.range(0, rows.size())
                        .filter(i ->
                                !UNSAID.matcher(rows.get(i).toString()).find()
                                        || !(told.get(i).equals(OK) || isRefused(told.get(i))))
                        .boxed()
                        .toList();
        return subject.with(
                subject.setup().with("rows", kept.stream().map(rows::get).toList()),
                subject.expect()
                        .with(
                                "rows",
                                kept.stream()
                                        .map(told::get)
                                        .map(each -> isRefused(each) ? OK : each)
                                        .toList()));
    }

    /// {@return whether it is said that data is refused, by a kind of error}
    private static boolean isRefused(Json told) {
        return told instanceof Fields(var errors)
                && errors.size() == 1
                && errors.firstEntry().getKey().endsWith("Error");
    }
}
