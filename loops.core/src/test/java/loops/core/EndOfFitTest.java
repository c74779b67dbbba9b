package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import loops.core.training.Callback;
import loops.core.training.FitResult;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;

/// What is said when a fit ends, or does not yet.
class EndOfFitTest {
    private static final Callback STOPS =
            new Callback() {
                @Override
                public void onTrainEpochEnd(RunView run) {
                    run.stop("enough");
                }
            };

    private static FitResult fit(UnaryOperator<TrainerConfig> how) {
        return Trainer.of(config -> how.apply(config).callbacks(STOPS))
                .fit(new Slope(), Slope.data(Slope.points(4, 2)));
    }

    private static List<String> said(Level least, UnaryOperator<TrainerConfig> how) {
        try (var lines = new WarningsHeard(least)) {
            var _ = fit(how);
            return lines.lines();
        }
    }

    @Test
    void whyAFitEndsIsSaidToThoseWhoLookForIt() {
        assertEquals(
                List.of("the fit ends: maxEpochs 1 is reached"),
                said(Level.FINE, config -> config.maxEpochs(1)));
        assertEquals(
                List.of("the fit ends: maxSteps 2 is reached"),
                said(Level.FINE, config -> config.maxSteps(2)));
        assertEquals(
                List.of("the fit ends: a stop was asked for: enough"),
                said(Level.FINE, config -> config.maxEpochs(9)));
        assertEquals(List.of(), said(Level.INFO, config -> config.maxEpochs(9)));
    }

    @Test
    void aStopThatWaitsForTheMinimumIsSaidOnce() {
        UnaryOperator<TrainerConfig> how =
                config -> config.maxEpochs(9).plan(plan -> plan.minEpochs(4));

        assertEquals(
                List.of(
                        "a stop was asked for, but minEpochs 4 and minSteps 0 is not reached; the training goes on until then"),
                said(Level.INFO, how));
        var result = fit(how);
        assertEquals(4, result.epochs());
        assertEquals(Optional.of("enough"), result.stopReason());
    }
}
