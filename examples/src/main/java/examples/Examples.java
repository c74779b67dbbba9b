package examples;

import java.util.List;

/// The examples there are, in the order of the list.
final class Examples {
    private Examples() {}

    /// {@return a new instance of every example}
    static List<Example> all() {
        return List.of(
                new FitLine(),
                new OwnHook(),
                new Annealing(),
                new KFold(),
                new ValidationScaled(),
                new YieldingStep(),
                new ActiveLearning(),
                new MetaLearning(),
                new Recommender(),
                new CharModel(),
                new ResumeAfterKill(),
                new Compare());
    }
}
