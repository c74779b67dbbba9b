package conformance.rule;

import conformance.check.Case;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.rule.Rule.Deviation;
import conformance.rule.Rule.NotApplicable;
import java.util.List;
import java.util.Set;

/// Where optimizers differ: what types settle, and what a loss means when several batches make one step.
final class OptimizerRules {
    private OptimizerRules() {}

    static List<Rule> all() {
        return List.of(
                new NotApplicable(
                        "TYPES",
                        OptimizerRules::isOfAnotherType,
                        // what a step reports has names of its own choice
                        Set.of("configure_optimizers_returns", "training_step_returns/*"),
                        Set.of()),
                new NotApplicable(
                        "SIGNATURE",
                        OptimizerRules::lacksAParameter,
                        Set.of("optimizers", "training_step"),
                        Set.of()),
                new Deviation("F15", OptimizerRules::dividesTheLoss, OptimizerRules::wholeLoss));
    }

    /// A step gives a tensor or nothing, and a plan is a plan.
    private static boolean isOfAnotherType(Case subject) {
        return subject.area().equals("optimizers")
                && (subject.setup()
                                .get("training_step_returns")
                                .filter(Items.class::isInstance)
                                .isPresent()
                        || (subject.expect().has("fit_raises")
                                && subject.setup()
                                        .get("configure_optimizers_returns")
                                        .filter(Text.class::isInstance)
                                        .isPresent()));
    }

    private static boolean lacksAParameter(Case subject) {
        return subject.setup().get("training_step").orElse(null) instanceof Text(String said)
                && said.matches("has no \\w+ parameter");
    }

    private static boolean dividesTheLoss(Case subject) {
        return subject.expect().has("reported_loss") && subject.setup().has("loss");
    }

    private static Case wholeLoss(Case subject) {
        long batches = Change.whole(subject.setup(), 1, "accumulate_grad_batches");
        return subject.expecting(
                subject.expect()
                        .changed("reported_loss", part -> Change.times(part, (double) batches)));
    }
}
