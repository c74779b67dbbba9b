package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loops.api.testkit.ResumeCheck;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The law of loops over fits with scaled gradients, and that they are what is written by hand.
class ValidationScaledPropertyTest {

    @Provide
    Arbitrary<SmallScaled> fits() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(1, 7),
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 3))
                .as(SmallScaled::new);
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aFitCutAnywhereGoesOnAsIfUndisturbed(@ForAll("fits") SmallScaled small) {
        ResumeCheck.cuts(8, small.scenarios());
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aFitIsTheOneWrittenByHand(@ForAll("fits") SmallScaled small) {
        assertEquals(
                small.byHand(), small.fit(new SmallScaled.Member(), new ValidationScaledLoop()));
    }
}
