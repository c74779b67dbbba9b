package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Where a module's steps differ: what they are given, what they report, and what becomes of it.
final class StepRules {
    private static final Pattern NUMBER_IN_PARAMETERS =
            Pattern.compile("\\(.*\\boptimizer_idx\\b.*\\).*");
    private static final Pattern STAYS_IN_OUTPUT =
            Pattern.compile("(\\w+) detached; key stays in the output");

    private static final String OF_EPOCH = "batch_outputs";
    private static final String OF_BATCH = "batch_end_outputs";

    private StepRules() {}

    static List<Rule> all() {
        return List.of(
                new NotApplicable(
                        "ITER",
                        StepRules::takesAnIterator,
                        Set.of(
                                "automatic_optimization",
                                "batches_in_loader",
                                "loader_length",
                                "max_epochs",
                                "training_step",
                                "truncated_bptt_steps"),
                        Set.of(
                                "batches_processed",
                                "in_training_epoch_end/batch_progress.current.ready",
                                "in_training_epoch_end/fetched",
                                "in_training_epoch_end/steps_counted")),
                new NotApplicable(
                        "SIGNATURE",
                        StepRules::takesTheNumberOfItsOptimizer,
                        Set.of("training_step"),
                        Set.of()),
                new Deviation("END", StepRules::fetchesAhead, StepRules::endIsKnown),
                new Deviation("F16", StepRules::squeezesOutputs, StepRules::records),
                new Deviation("F33", StepRules::putsHiddenStateOut, StepRules::carried));
    }

    private static Optional<String> step(Case subject) {
        return subject.setup().get("training_step").flatMap(StepRules::text);
    }

    private static Optional<String> text(Json json) {
        return json instanceof Text(String text) ? Optional.of(text) : Optional.empty();
    }

    private static boolean takesAnIterator(Case subject) {
        return step(subject).filter(said -> said.contains("dataloader_iter")).isPresent();
    }

    private static boolean takesTheNumberOfItsOptimizer(Case subject) {
        return step(subject)
                .filter(said -> NUMBER_IN_PARAMETERS.matcher(said).matches())
                .isPresent();
    }

    // ---- the end of the data

    private static boolean fetchesAhead(Case subject) {
        return subject.area().equals("data") && subject.setup().has("prefetch_batches");
    }

    private static Case endIsKnown(Case subject) {
        boolean isKnown =
                subject.setup().get("prefetch_batches").filter(new Whole(0)::equals).isEmpty()
                        || subject.setup().get("sized").filter(Json.of(false)::equals).isEmpty();
        boolean isEmpty = Change.text(subject.setup(), "dataset").startsWith("empty");
        return subject.expecting(
                subject.expect()
                        .changed(
                                "(fetched, batch, done) per iteration",
                                batches -> isKnown ? batches : withLast(batches))
                        .changed("done_before", done -> isEmpty ? Change.not(done) : done));
    }

    private static Json withLast(Json batches) {
        int last = Change.items(batches).size() - 1;
        return Change.eachAt(
                batches,
                (i, batch) ->
                        i == last
                                ? Change.eachAt(
                                        batch, (k, told) -> k == 2 ? Change.not(told) : told)
                                : batch);
    }

    // ---- outputs

    private static boolean squeezesOutputs(Case subject) {
        return subject.area().equals("outputs") && subject.setup().has("table");
    }

    private static Case records(Case subject) {
        return subject.expecting(
                subject.expect()
                        .changed("rows", rows -> Change.each(rows, StepRules::recordsOfRow)));
    }

    /// What a hook is told is replaced by the record only where the original told it in the form that it squeezes that to.
    private static Json recordsOfRow(Json row) {
        if (!(row instanceof Fields fields)) {
            return row;
        }
        int optimizers =
                fields.get("num_optimizers").orElse(null) instanceof Whole(long count)
                        ? Math.toIntExact(count)
                        : -1;
        if (fields.get(OF_EPOCH).orElse(null) instanceof Items(var batches)) {
            var record =
                    Json.of(
                            batches.stream()
                                    .map(each -> parts(Change.items(each), optimizers))
                                    .toList());
            return instead(fields, listed(SqueezedOutputs.of(record)), record);
        }
        if (fields.get(OF_BATCH).orElse(null) instanceof Items(var batch)) {
            var record = parts(batch, optimizers);
            return instead(fields, SqueezedOutputs.of(record), record);
        }
        return row;
    }

    /// The original makes a list of what is one report of the whole epoch.
    private static Json listed(Json squeezed) {
        return squeezed instanceof Items ? squeezed : new Items(List.of(squeezed));
    }

    private static Json instead(Fields row, Json theirs, Json ours) {
        return row.changed("expected", told -> told.equals(theirs) ? ours : told);
    }

    /// A batch has at least one part, and each part a report of every optimizer, which may be empty.
    private static Json parts(List<Json> parts, int optimizers) {
        return parts.isEmpty()
                ? new Items(List.of(reports(Fields.EMPTY, optimizers)))
                : new Items(parts.stream().map(part -> reports(part, optimizers)).toList());
    }

    private static Json reports(Json part, int optimizers) {
        var fields = part instanceof Fields found ? found : Fields.EMPTY;
        if (optimizers < 0) {
            return new Items(List.of(fields));
        }
        var reports = new ArrayList<Json>();
        for (int i = 0; i < optimizers; i++) {
            reports.add(fields.get(Integer.toString(i)).orElse(Fields.EMPTY));
        }
        return new Items(reports);
    }

    // ---- hidden state

    private static boolean putsHiddenStateOut(Case subject) {
        return subject.area().equals("tbptt") && subject.setup().has("rows");
    }

    private static Case carried(Case subject) {
        return subject.expecting(subject.expect().changed("rows", StepRules::withoutKey));
    }

    /// Hidden state is no output, so no key of it stays there, and none is named in a message.
    private static Json withoutKey(Json json) {
        return json instanceof Text(String said)
                ? new Text(
                        STAYS_IN_OUTPUT
                                .matcher(said)
                                .replaceFirst("$1 detached")
                                .replace("\"hiddens\"", "hidden state"))
                : Change.each(json, StepRules::withoutKey);
    }
}
