package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import loops.api.LoopState.Data;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.core.training.TensorState;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The laws of loops over meta-learning of every kind, and that it is what is written by hand, task by task.
class MetaLearningPropertyTest {

    @Provide
    Arbitrary<SmallTasks> tasks() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(SmallTasks.Kind.values()))
                .as(SmallTasks::new);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void aFitCutAnywhereGoesOnAsIfUndisturbed(@ForAll("tasks") SmallTasks small) {
        ResumeCheck.cuts(8, small.scenarios());
    }

    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotChangesNothing(@ForAll("tasks") SmallTasks small) {
        ReplaceCheck.everySlot(small.scenarios());
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aFitIsTheOneWrittenByHandTaskByTask(@ForAll("tasks") SmallTasks small) {
        var byHand = small.byHand();
        var byLoop = small.byLoop();

        assertEquals(byHand.entries().keySet(), byLoop.entries().keySet());
        byHand.entries()
                .forEach((path, value) ->
                        assertArrayEquals(
                                TensorState.tensor((Data) value).toDoubles(),
                                TensorState.tensor((Data) byLoop.get(path)).toDoubles(),
                                1e-9,
                                path));
    }
}
