package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.core.loop.FitLoop;
import loops.core.training.FitRun;
import loops.core.training.TensorState;
import loops.core.training.TrainingScope;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tensor.api.RandomKey;

/// The laws of loops over a cross-validation, and that of folds: alone, in series or resumed, the bits are the same.
class KFoldLawPropertyTest {

    @Provide
    Arbitrary<SmallFolds> folds() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(2, 3),
                        Arbitraries.integers().between(4, 7),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 8))
                .as(SmallFolds::new);
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aCrossValidationCutAnywhereGoesOnAsIfUndisturbed(@ForAll("folds") SmallFolds folds) {
        ResumeCheck.cuts(8, folds.scenarios());
    }

    @Property(tries = 5, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotOfACrossValidationChangesNothing(@ForAll("folds") SmallFolds folds) {
        ReplaceCheck.everySlot(folds.scenarios());
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void aFoldAloneIsTheFoldInTheSeries(@ForAll("folds") SmallFolds any) {
        // Without a stop, which a callback of the fold asks for.
        var folds =
                new SmallFolds(
                        any.seed(), any.folds(), any.samples(), any.epochs(), any.tested(), 99);
        var series = new SmallFolds.Members(folds.folds());
        var loop = folds.loop();
        loop.run(folds.run(series, folds.data()));

        for (int i = 0; i < folds.folds(); i++) {
            var alone = new SmallFolds.Member();
            var key = RandomKey.of(folds.seed()).fold("fold").fold(i);
            var run = folds.run(alone, folds.data().fold(i, folds.folds()));
            var result =
                    new FitLoop()
                            .run(
                                    new FitRun(
                                            TrainingScope.fresh(alone, key),
                                            run.data(),
                                            run.hooks(),
                                            run.plan(),
                                            run.saves()));
            assertEquals(loop.results().get(i).fit(), result);
            assertEquals(
                    TensorState.fields(series.members().get(i).stateDict()),
                    TensorState.fields(alone.stateDict()));
        }
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void aFoldIsTheLoopWrittenByHand(@ForAll("folds") SmallFolds any) {
        var folds =
                new SmallFolds(
                        any.seed(), any.folds(), any.samples(), any.epochs(), any.tested(), 99);
        var members = new SmallFolds.Members(folds.folds());
        folds.loop().run(folds.run(members, folds.data()));

        for (int i = 0; i < folds.folds(); i++) {
            assertEquals(
                    TensorState.fields(folds.byHand(i).stateDict()),
                    TensorState.fields(members.members().get(i).stateDict()));
        }
    }
}
