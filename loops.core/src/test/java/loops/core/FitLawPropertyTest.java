package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/// The two laws of loops over the built-in tree: weights, gradients, optimizers and random states, bit for bit.
class FitLawPropertyTest {
    private static long slots;

    @Provide
    Arbitrary<FitSpec> fits() {
        return RandomFits.fits();
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void aFitCutAnywhereGoesOnAsIfUndisturbed(@ForAll("fits") FitSpec fit) {
        ResumeCheck.cuts(6, fit.scenarios());
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotOfAFitChangesNothing(@ForAll("fits") FitSpec fit) {
        slots += ReplaceCheck.everySlot(fit.scenarios());
    }

    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void aSmallFitCutAtEverySafePointGoesOnAsIfUndisturbed(@ForAll("fits") FitSpec fit) {
        ResumeCheck.everyCut(fit.ofAtMost(1).scenarios());
    }

    /// A law over fits that are never cut in some loop would say nothing about it.
    @Example
    void fitsAreCutInEveryLoop() {
        var cutAt = new TreeSet<String>();
        for (boolean manual : List.of(true, false)) {
            var scenario = FitFaultTest.fit(manual).scenarios().get();
            scenario.loop().run(scenario.input(), point -> cutAt.add(point.path()));
        }

        assertEquals(
                List.of(
                        "",
                        "epoch_loop",
                        "epoch_loop.batch_loop",
                        "epoch_loop.batch_loop.manual_loop",
                        "epoch_loop.batch_loop.optimizer_loop",
                        "epoch_loop.val_loop",
                        "epoch_loop.val_loop.epoch_loop"),
                List.copyOf(cutAt));
    }

    @AfterContainer
    static void theFitsHadSlots() {
        assertTrue(slots > 100, () -> "only " + slots + " slots");
    }
}
