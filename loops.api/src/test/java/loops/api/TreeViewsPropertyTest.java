package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import loops.api.LoopState.Fields;
import loops.api.RandomTrees.Planted;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What people look at is what is saved.
class TreeViewsPropertyTest {
    @Provide
    Arbitrary<Planted> trees() {
        return RandomTrees.planted(10);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theValuesAreTheStateWithoutWhereTheRunStands(@ForAll("trees") Planted planted) {
        var tree = new SpecLoop(planted.tree());

        tree.run(
                planted.visit(planted.world()),
                point -> assertEquals(withoutFrames(tree, point.state()), tree.values()));

        assertEquals(tree.stateDict(), tree.values());
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void everyLoopIsExplained(@ForAll("trees") Planted planted) {
        var tree = new SpecLoop(planted.tree());

        var explained = tree.explain();

        assertEquals(tree.tree(), titles(explained, ""));
        assertFalse(explained.mermaid().contains("null"));
    }

    private static Fields withoutFrames(Loop<?, ?> loop, Fields state) {
        var entries = new LinkedHashMap<>(state.entries());
        entries.remove("run");
        for (Slot<?, ?> slot : loop.slots()) {
            entries.put(slot.name(), withoutFrames(slot.get(), state.fields(slot.name())));
        }
        return new Fields(entries);
    }

    private static String titles(Explanation loop, String indent) {
        return indent
                + loop.title()
                + "\n"
                + loop.children().stream()
                        .map(child -> titles(child, indent + "  "))
                        .collect(Collectors.joining());
    }
}
