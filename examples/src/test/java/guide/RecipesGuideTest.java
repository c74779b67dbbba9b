package guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Iterator;
import loops.core.Trainer;
import loops.recipes.ValidationScaledLoop;
import org.junit.jupiter.api.Test;

/// The trees that `recipes.md` shows, before and after. Its code is that of the examples and of the recipes.
class RecipesGuideTest {
    private final Trainer plain = Trainer.of(config -> {});
    private final Trainer changed = Trainer.of(config -> {});

    @Test
    void aReplacedLoopMakesTheOptimizerSteps() {
        changed.slots().optimizer().replace(old -> new ValidationScaledLoop());

        assertShown(plain.slots().batch().get().tree(), changed.slots().batch().get().tree());
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
