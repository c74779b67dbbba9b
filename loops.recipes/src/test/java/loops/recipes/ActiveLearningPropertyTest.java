package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The laws of loops over active learning, also while it waits for labels, and that it is what is written by hand.
class ActiveLearningPropertyTest {

    @Provide
    Arbitrary<SmallPool> pools() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(4, 8),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(2, 3),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, SmallPool.HEURISTICS.size() - 1))
                .as(SmallPool::new);
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aRunCutAnywhereGoesOnAsIfUndisturbed(@ForAll("pools") SmallPool pool) {
        ResumeCheck.cuts(8, pool.scenarios());
    }

    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotChangesNothing(@ForAll("pools") SmallPool pool) {
        ReplaceCheck.everySlot(pool.scenarios());
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aRunIsTheOneWrittenByHand(@ForAll("pools") SmallPool pool) {
        assertEquals(pool.byHand(), pool.byLoop());
    }
}
