package conformance.kit;

import conformance.check.NotUnderstoodException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// The forms in which the original takes optimizers and schedulers, read as plans.
///
/// | form | means |
/// |---|---|
/// | `a` | one optimizer |
/// | `(a, b)`, `[a, b]` | several |
/// | `([a, ..], [sched_a, ..])`, `([a, ..], sched_a)` | optimizers, and schedulers of them in the same order |
/// | `{optimizer: a, lr_scheduler: sched_a, frequency: 1}`, or several of them in `( )` | each with what belongs to it |
public final class OptimizerForms {
    private static final double FACTOR = 0.1;
    private static final String NAME = "[a-z]";
    private static final String NAMES = NAME + "(?:, " + NAME + ")*";
    private static final String SCHEDULERS = "sched_" + NAME + "(?:, sched_" + NAME + ")*";
    private static final Pattern ONE = Pattern.compile("(" + NAME + ")");
    private static final Pattern SEVERAL = Pattern.compile("[(\\[](" + NAMES + ")[)\\]]");
    private static final Pattern PAIR =
            Pattern.compile("\\(\\[(" + NAMES + ")\\], \\[?(" + SCHEDULERS + ")\\]?\\)");
    private static final String ENTRY =
            "\\{optimizer: "
                    + NAME
                    + "(?:, lr_scheduler: sched_"
                    + NAME
                    + ")?(?:, frequency: \\d+)?\\}";
    private static final Pattern ENTRIES =
            Pattern.compile("[(\\[]?" + ENTRY + "(?:, " + ENTRY + ")*[)\\]]?");
    private static final Pattern PARTS =
            Pattern.compile(
                    "\\{optimizer: ("
                            + NAME
                            + ")(?:, lr_scheduler: sched_("
                            + NAME
                            + "))?(?:, frequency: (\\d+))?\\}");

    private record Planned(boolean scheduled, OptionalInt frequency) {}

    private OptimizerForms() {}

    /// {@return what makes the plan that a form means}
    ///
    /// @param form the form
    /// @throws NotUnderstoodException if there is no such form
    public static Function<TrainedModel, OptimizerPlan> read(String form) {
        var planned = planned(form);
        return model -> new OptimizerPlan(planned.stream().map(each -> make(each, model)).toList());
    }

    private static List<Planned> planned(String form) {
        var one = ONE.matcher(form);
        if (one.matches()) {
            return optimizers(one.group(1), 0);
        }
        var several = SEVERAL.matcher(form);
        if (several.matches()) {
            return optimizers(several.group(1), 0);
        }
        var pair = PAIR.matcher(form);
        if (pair.matches()) {
            return optimizers(pair.group(1), pair.group(2).split(", ", -1).length);
        }
        if (ENTRIES.matcher(form).matches()) {
            var entries = new ArrayList<Planned>();
            var parts = PARTS.matcher(form);
            while (parts.find()) {
                var frequency = Optional.ofNullable(parts.group(3)).map(Integer::parseInt);
                entries.add(
                        new Planned(
                                parts.group(2) != null,
                                frequency.map(OptionalInt::of).orElse(OptionalInt.empty())));
            }
            return entries;
        }
        throw new NotUnderstoodException("'%s' is no form of optimizers".formatted(form));
    }

    private static List<Planned> optimizers(String names, int schedulers) {
        var planned = new ArrayList<Planned>();
        for (int i = 0; i < names.split(", ", -1).length; i++) {
            planned.add(new Planned(i < schedulers, OptionalInt.empty()));
        }
        return planned;
    }

    private static PlannedOptimizer make(Planned planned, TrainedModel model) {
        var optimizer = Sgd.of(model.parameters(), Script.LEARNING_RATE);
        var made = PlannedOptimizer.of(optimizer);
        if (planned.scheduled()) {
            made = made.schedule(Scheduler.of(optimizer, Schedules.step(1, FACTOR)));
        }
        return planned.frequency().isPresent()
                ? made.frequency(planned.frequency().getAsInt())
                : made;
    }
}
