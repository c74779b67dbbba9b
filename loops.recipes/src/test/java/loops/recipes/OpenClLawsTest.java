package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.core.training.TensorState;
import org.junit.jupiter.api.Test;
import tensor.api.Device;
import tensor.testkit.NeedsDevice;

/// The laws of a cross-validation on another device than the CPU.
@NeedsDevice("opencl")
class OpenClLawsTest {
    private static final SmallFolds FOLDS = new SmallFolds(5, 2, 6, 2, true, 99);

    private static void there(Runnable body) {
        Device.of("opencl").run(body);
    }

    @Test
    void aCrossValidationCutAnywhereGoesOnAsIfUndisturbed() {
        there(() -> ResumeCheck.cuts(8, FOLDS.scenarios()));
    }

    @Test
    void aPassThroughInAnySlotChangesNothing() {
        there(() -> ReplaceCheck.everySlot(FOLDS.scenarios()));
    }

    @Test
    void foldsAtOnceGiveTheBitsOfFoldsInSeries() {
        there(() -> assertEquals(run(FOLDS.loop()), run(FOLDS.parallel(2))));
    }

    @Test
    void aFoldIsTheLoopWrittenByHand() {
        there(() -> {
            var members = new SmallFolds.Members(FOLDS.folds());
            FOLDS.loop().run(FOLDS.run(members, FOLDS.data()));

            for (int i = 0; i < FOLDS.folds(); i++) {
                assertEquals(
                        TensorState.fields(FOLDS.byHand(i).stateDict()),
                        TensorState.fields(members.members().get(i).stateDict()));
            }
        });
    }

    /// {@return all that a cross-validation comes to}
    private static List<Object> run(CrossValidationLoop loop) {
        var members = new SmallFolds.Members(FOLDS.folds());
        var seen = new ArrayList<Object>();
        seen.add(loop.run(FOLDS.run(members, FOLDS.data())));
        seen.add(loop.results());
        seen.add(TensorState.fields(members.stateDict()));
        assertEquals(
                "opencl",
                members.parameters().getFirst().value().device().name(),
                "where it was trained");
        return seen;
    }
}
