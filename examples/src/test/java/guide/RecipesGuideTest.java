package guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Iterator;
import java.util.List;
import loops.core.Trainer;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.recipes.GeneratorLoop;
import loops.recipes.ValidationScaledLoop;
import loops.recipes.YieldLoop;
import loops.recipes.YieldingModule;
import loops.recipes.Yields;
import org.junit.jupiter.api.Test;
import tensor.data.Batch;
import tensor.nn.Linear;
import tensor.optim.Sgd;

/// The trees that `recipes.md` shows, before and after. Its code is that of the examples and of the recipes.
class RecipesGuideTest {
    private final Trainer plain = Trainer.of(config -> {});
    private final Trainer trainer = Trainer.of(config -> {});

    @Test
    void aReplacedLoopMakesTheOptimizerSteps() {
        trainer.slots().optimizer().replace(old -> new ValidationScaledLoop());

        assertShown(plain.slots().batch().get().tree(), trainer.slots().batch().get().tree());
    }

    @Test
    void aReplacedLoopTakesTheLossesOfAStep() {
        // @start region=yield
        trainer.slots().optimizer().replace(old -> new YieldLoop());
        // @end region=yield

        assertShown(
                plain.slots().optimizer().get().tree(), trainer.slots().optimizer().get().tree());

        // @start region=generator
        trainer.slots().optimizer().replace(old -> new GeneratorLoop());
        // @end region=generator

        assertEquals("optimizer_loop: GeneratorLoop\n", trainer.slots().optimizer().get().tree());
    }

    @Test
    void theErrorOfAYieldTooFewIsTheOneThatComes() {
        trainer.slots().optimizer().replace(old -> new YieldLoop());
        var module =
                new YieldingModule() {
                    private final Linear line = child("line", Linear.of(1, 2));

                    @Override
                    public void trainingStep(Batch batch, Step step, Yields y) {
                        y.yield(0, line.apply(batch.input()).mean());
                    }

                    @Override
                    public OptimizerPlan configureOptimizers() {
                        return OptimizerPlan.of(
                                Sgd.of(List.of(line.weight()), 0.1),
                                Sgd.of(List.of(line.bias().orElseThrow()), 0.1));
                    }
                };

        var refused =
                assertThrows(IllegalStateException.class, () -> trainer.fit(module, Line.data()));

        String message = String.valueOf(refused.getMessage());
        assertEquals(message + "\n", Snippets.block("recipes.md", message));
    }

    /// The guide shows two trees side by side, each line of the second where that of the first ends.
    private static void assertShown(String before, String after) {
        int width = before.lines().mapToInt(String::length).max().orElse(0) + 4;
        Iterator<String> left = before.lines().iterator();
        Iterator<String> right = after.lines().iterator();
        var both = new StringBuilder();
        while (left.hasNext() || right.hasNext()) {
            String first = left.hasNext() ? left.next() : "";
            String second = right.hasNext() ? right.next() : "";
            both.append((first + " ".repeat(width - first.length()) + second).stripTrailing())
                    .append('\n');
        }
        String shown = both.toString();
        assertEquals(shown, Snippets.block("recipes.md", shown.lines().findFirst().orElseThrow()));
    }
}
