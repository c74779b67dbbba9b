package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.json.Json.Whole;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a run is asked for that has no form here: without a module, without a step that every module has, by a word that
/// is no constant.
final class RunRules {
    private static final String RELOAD = "reload_dataloaders_every_n_epochs";
    private static final String STEPS = "max_steps";
    private static final Set<String> ABSTRACT =
            Set.of("training_step missing", "configure_optimizers missing");
    private static final Set<String> INTERVALS = Set.of("batch", "epoch", "batch_and_epoch");

    private RunRules() {}

    static List<Rule> all() {
        return List.of(
                new NotApplicable(
                        "TYPES",
                        RunRules::doesNotCompile,
                        Set.of("call", "calls", "model", "write_interval"),
                        Set.of()),
                new Deviation("ROWS", RunRules::reloads, RunRules::withoutTexts),
                new Deviation("TRIAL", RunRules::countsStepsOfATrial, RunRules::withoutThem));
    }

    private static boolean doesNotCompile(Case subject) {
        var setup = subject.setup();
        return switch (subject.area()) {
            case "config_errors" ->
                    says(setup, "model", ABSTRACT)
                            || setup.get("calls").filter(Items.class::isInstance).isPresent()
                            || setup.has("call");
            case "predict" ->
                    setup.has("write_interval") && !says(setup, "write_interval", INTERVALS);
            default -> false;
        };
    }

    private static boolean says(Fields setup, String name, Set<String> words) {
        return setup.get(name).orElse(null) instanceof Text(String text) && words.contains(text);
    }

    /// A trial ends with its batches, however many optimizers step on each.
    private static boolean countsStepsOfATrial(Case subject) {
        return batchesOfATrial(subject).isPresent() && subject.expect().has(STEPS);
    }

    private static Optional<Json> batchesOfATrial(Case subject) {
        return subject.setup()
                .at("trainer", "fast_dev_run")
                .map(flag -> flag.equals(Json.of(true)) ? new Whole(1) : flag)
                .filter(Whole.class::isInstance);
    }

    /// The original has as many steps as batches, and that is no limit here.
    private static Case withoutThem(Case subject) {
        var batches = batchesOfATrial(subject).orElseThrow();
        return subject.expecting(
                subject.expect()
                        .changed(STEPS, steps -> steps.equals(batches) ? new Whole(-1) : steps));
    }

    private static boolean reloads(Case subject) {
        return subject.setup().get(RELOAD).filter(Items.class::isInstance).isPresent();
    }

    /// A number of epochs is a number.
    private static Case withoutTexts(Case subject) {
        return subject.with(subject.setup().changed(RELOAD, RunRules::wholes), subject.expect());
    }

    private static Json wholes(Json rows) {
        return rows instanceof Items(var all)
                ? new Items(all.stream().filter(Whole.class::isInstance).toList())
                : rows;
    }
}
