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

/// The laws of loops over truncated back-propagation on streams, and that it is what is written by hand.
class TbpttPropertyTest {

    @Provide
    Arbitrary<SmallStreams> streams() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(true, false))
                .as(SmallStreams::new);
    }

    @Property(tries = 8, edgeCases = EdgeCasesMode.NONE)
    void aFitCutAnywhereGoesOnAsIfUndisturbed(@ForAll("streams") SmallStreams small) {
        ResumeCheck.cuts(8, small.scenarios());
    }

    @Property(tries = 3, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotChangesNothing(@ForAll("streams") SmallStreams small) {
        ReplaceCheck.everySlot(small.scenarios());
    }

    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void aFitIsTheOneWrittenByHandToTheLastBit(@ForAll("streams") SmallStreams small) {
        var byHand = small.byHand();
        var byLoop = small.byLoop();

        assertEquals(byHand.module(), byLoop.module());
        assertEquals(byHand.validation(), byLoop.validation(), 1e-12);
    }
}
