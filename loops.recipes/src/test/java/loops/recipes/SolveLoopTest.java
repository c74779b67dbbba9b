package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.core.Trainer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The laws of loops over a training that solves for its parameters, and what it refuses.
class SolveLoopTest {

    @Provide
    Arbitrary<SmallFactors> factors() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 3))
                .as(SmallFactors::new);
    }

    @Property(tries = 8, edgeCases = EdgeCasesMode.NONE)
    void aFitCutAnywhereGoesOnAsIfUndisturbed(@ForAll("factors") SmallFactors small) {
        ResumeCheck.cuts(8, small.scenarios());
    }

    @Property(tries = 2, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotChangesNothing(@ForAll("factors") SmallFactors small) {
        ReplaceCheck.everySlot(small.scenarios());
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aFitIsTheOneWrittenByHand(@ForAll("factors") SmallFactors small) {
        assertEquals(small.byHand(), small.byLoop());
    }

    @Example
    void aModuleThatGivesALossIsRefused() {
        var trainer = Trainer.of(config -> config.maxEpochs(1));
        trainer.slots().optimizer().replace(old -> new SolveLoop());

        var thrown =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> trainer.fit(new Tiny(), new Tiny.Points()));

        assertEquals(
                "SolveLoop: the module is a Tiny; fit a SolvingModule, or leave the optimizer loop in its place",
                thrown.getMessage());
    }

    @Example
    void aLoopThatWantsALossIsRefused() {
        var thrown =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                Trainer.of(config -> config.maxEpochs(1))
                                        .fit(
                                                new SmallFactors.Product(
                                                        new SmallFactors(1, 2, 2, 1)),
                                                new Tiny.Points()));

        assertEquals(
                "Product: its parameters are solved for, and the loop asked for a loss; put a SolveLoop in the place of the optimizer loop",
                thrown.getMessage());
    }
}
