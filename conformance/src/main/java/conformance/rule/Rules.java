package conformance.rule;

import java.util.List;
import java.util.stream.Stream;

/// All rules.
public final class Rules {
    private static final List<Rule> ALL =
            Stream.of(
                            TypeRules.all(),
                            LoopRules.all(),
                            StoppingRules.all(),
                            OptimizerRules.all(),
                            AccumulationRules.all(),
                            TreeRules.all(),
                            StepRules.all(),
                            StateRules.all(),
                            HookRules.all(),
                            CheckpointRules.all(),
                            ResumeRules.all(),
                            LoggingRules.all(),
                            RunRules.all(),
                            SchedulerRules.all())
                    .flatMap(List::stream)
                    .toList();

    private Rules() {}

    /// {@return all rules, in the order in which they are applied}
    public static List<Rule> all() {
        return ALL;
    }
}
