package examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import loops.core.loop.FitLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.TrainingScope;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tensor.api.RandomKey;

/// The law of resuming for the network that [ResumeAfterKill] trains: cut at any safe point it goes on to the same bits,
/// whatever it is trained on, and for how long.
class KilledTrainingPropertyTest {
    private static final int CUTS = 6;

    /// A training of that network.
    ///
    /// @param seed where all that is random comes from
    /// @param folds into how many parts the digits are split; it learns from all but the first
    /// @param batchSize samples of a batch
    /// @param epochs how long it takes
    /// @param accumulate how many batches make one step
    record Training(long seed, int folds, int batchSize, int epochs, int accumulate) {
        Scenario<FitRun, FitResult> scenario() {
            var scope = TrainingScope.of(KilledTraining.model(), RandomKey.of(seed));
            var plan = FitPlan.of(config -> config.maxEpochs(epochs).accumulate(accumulate));
            return new Scenario<>(new FitLoop(), FitRun.of(scope, data(), plan), scope);
        }

        private DataModule data() {
            try {
                return DigitsData.read(Optional.empty(), batchSize, RandomKey.of(seed))
                        .fold(0, folds);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Provide
    Arbitrary<Training> trainings() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(2, 6),
                        Arbitraries.integers().between(32, 600),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 3))
                .as(Training::new);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void aTrainingCutAnywhereGoesOnAsIfUndisturbed(@ForAll("trainings") Training training) {
        int cuts = ResumeCheck.cuts(CUTS, training::scenario);

        assertTrue(cuts >= 2, () -> "cuts: " + cuts);
    }
}
