package examples;

import java.util.List;
import java.util.Locale;
import loops.recipes.AdaptationLoop;
import loops.recipes.MetaLearningLoop;
import loops.recipes.ReptileLoop;

/// The ways to learn to learn that [MetaLearning] knows.
enum MetaMethod {
    /// The outer gradient goes through the inner step.
    MAML,
    /// The inner gradient is taken for a constant.
    FOMAML,
    /// Only the last layer adapts.
    ANIL,
    /// The parameters move to where the inner loop has come to.
    REPTILE;

    // @start region=methods
    /// {@return the loop that makes the optimizer steps}
    MetaLearningLoop loop() {
        return switch (this) {
            case MAML -> new MetaLearningLoop(new AdaptationLoop());
            case FOMAML -> new MetaLearningLoop(new AdaptationLoop(config -> config.firstOrder()));
            case ANIL ->
                    new MetaLearningLoop(
                            new AdaptationLoop(config -> config.only(p -> p.startsWith("net.4"))));
            case REPTILE ->
                    new ReptileLoop(new AdaptationLoop(config -> config.steps(10).firstOrder()));
        };
    }

    // @end region=methods

    /// Reads the name of a method.
    static final class Reader extends OneOf<MetaMethod> {
        Reader() {
            super(List.of(values()));
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
