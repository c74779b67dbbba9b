package loops.core.callback;

import static loops.core.callback.Mode.MAX;
import static loops.core.callback.Mode.MIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import loops.core.Trainer;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.Limit;
import loops.core.training.TrainingModule;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
    private static final int EPOCHS = 12;

    private static FitResult fit(EarlyStopping stopping, TrainingModule module) {
        return fit(stopping, module, plan -> {});
    }

    private static FitResult fit(
            EarlyStopping stopping, TrainingModule module, Consumer<FitPlan.Config> plan) {
        return Trainer.of(config ->
                        config.plan(given -> plan.accept(given.maxEpochs(EPOCHS).sanityBatches(0)))
                                .callbacks(stopping))
                .fit(module, Series.data());
    }

    private static void assertStops(
            int epoch, String reason, EarlyStopping stopping, double... values) {
        var result = fit(stopping, Series.perEpoch(values));

        assertEquals(Optional.of(reason), result.stopReason());
        assertEquals(OptionalInt.of(epoch), stopping.stoppedEpoch());
        assertEquals(epoch + 1, result.epochs());
    }

    // ---- when it stops

    @Test
    void itStopsWhenThePatienceIsOver() {
        var stopping = EarlyStopping.of("value", MIN);

        assertStops(
                4, "value is 5.0, and 5.0 was the best 3 looks ago", stopping, 6, 5, 5, 6, 5, 1);

        assertEquals(5, stopping.best());
        assertEquals(3, stopping.waited());
        assertEquals(5, stopping.checks());
    }

    @Test
    void aGainStartsThePatienceAnew() {
        assertStops(
                6,
                "value is 3.0, and 3.0 was the best 2 looks ago",
                EarlyStopping.of("value", MIN, config -> config.patience(2)),
                6,
                7,
                5,
                5,
                3,
                4,
                3,
                1);
    }

    @Test
    void noPatienceIsAsGoodAsOneLook() {
        for (int patience : new int[] {0, 1}) {
            assertStops(
                    2,
                    "value is 2.0, and 2.0 was the best 1 looks ago",
                    EarlyStopping.of("value", MAX, config -> config.patience(patience)),
                    1,
                    2,
                    2,
                    3);
        }
    }

    @Test
    void aGainHasToBeMoreThanTheLeastOne() {
        assertStops(
                4,
                "value is 4.0, and 4.5 was the best 2 looks ago",
                EarlyStopping.of("value", MIN, config -> config.patience(2).minDelta(0.5)),
                5.5,
                5,
                4.5,
                4,
                4);
        assertStops(
                2,
                "value is 1.25, and 1.0 was the best 2 looks ago",
                EarlyStopping.of("value", MAX, config -> config.patience(2).minDelta(0.5)),
                1,
                1.5,
                1.25);
    }

    @Test
    void aValueThatIsNotFiniteStopsAtOnce() {
        assertStops(
                1,
                "value is NaN, which is not finite",
                EarlyStopping.of("value", MIN),
                4,
                Double.NaN);
        assertStops(
                1,
                "value is -Infinity, which is not finite",
                EarlyStopping.of("value", MIN),
                4,
                Double.NEGATIVE_INFINITY);
    }

    @Test
    void aValueThatIsNotFiniteMayBeAllowed() {
        assertStops(
                3,
                "value is NaN, and 3.0 was the best 2 looks ago",
                EarlyStopping.of("value", MIN, config -> config.allowNonFinite().patience(2)),
                4,
                3,
                Double.POSITIVE_INFINITY,
                Double.NaN);
    }

    @Test
    void itStopsAtAValueThatIsGoodEnough() {
        assertStops(
                2,
                "value is 2.8, better than 2.9",
                EarlyStopping.of("value", MIN, config -> config.stopAt(2.9)),
                4,
                2.9,
                2.8);
    }

    @Test
    void itGivesUpAtAValueThatIsTooBad() {
        assertStops(
                2,
                "value is 16.0, worse than 15.9",
                EarlyStopping.of("value", MIN, config -> config.giveUpAt(15.9)),
                4,
                15.9,
                16);
        assertStops(
                1,
                "value is 0.1, worse than 0.5",
                EarlyStopping.of("value", MAX, config -> config.giveUpAt(0.5)),
                4,
                0.1);
    }

    @Test
    void theLeastEpochsAreMadeAllTheSame() {
        var stopping = EarlyStopping.of("value", MIN, config -> config.patience(1));

        var result = fit(stopping, Series.perEpoch(1, 2, 2, 2, 2, 2), plan -> plan.minEpochs(4));

        assertEquals(4, result.epochs());
        assertEquals(
                Optional.of("value is 2.0, and 1.0 was the best 1 looks ago"), result.stopReason());
    }

    // ---- where it looks

    @Test
    void eachValidationIsLookedAtWhereThereAreSeveralInAnEpoch() {
        var stopping = EarlyStopping.of("value", MIN, config -> config.patience(1));

        var result =
                fit(
                        stopping,
                        Series.perValidation(3, 2, 2),
                        plan -> plan.validateEvery(Limit.fraction(0.5)));

        assertEquals(3, stopping.checks());
        assertEquals(3, result.globalStep());
    }

    @Test
    void epochsWithoutValidationAreNotLookedAt() {
        var stopping = EarlyStopping.of("value", MIN, config -> config.patience(1));

        var result =
                fit(stopping, Series.perValidation(3, 2, 2), plan -> plan.validateEveryEpochs(2));

        assertEquals(3, stopping.checks());
        assertEquals(6, result.epochs());
    }

    @Test
    void theEndOfEpochsMayBeChosen() {
        var stopping =
                EarlyStopping.of("value", MIN, config -> config.patience(1).atEpochEnd(true));

        fit(
                stopping,
                Series.perValidation(3, 2, 2, 2, 2),
                plan -> plan.validateEvery(Limit.fraction(0.5)));

        assertEquals(2, stopping.checks());
    }

    @Test
    void aMetricOfTrainingIsLookedAtWhereNothingIsValidated() {
        var stopping = EarlyStopping.of("loss", MIN, config -> config.stopAt(1e9));

        var result =
                fit(
                        stopping,
                        Series.perEpoch(),
                        plan -> plan.validationLimit(Limit.batches(0)).validateEveryEpochs(2));

        assertEquals(1, result.epochs());
    }

    @Test
    void validationsOutsideAFitAndSanityChecksAreNotLookedAt() {
        var stopping = EarlyStopping.of("value", MIN, config -> config.atEpochEnd(false));
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(stopping));
        var module = Series.perValidation(5, 4, 3);

        trainer.fit(module, Series.data());
        trainer.validate(module, Series.data());

        assertEquals(1, stopping.checks());
        assertEquals(4, stopping.best());
    }

    @Test
    void itSitsOutATrial() {
        var stopping = EarlyStopping.of("missing", MIN);

        Trainer.of(config -> config.fastDevRun(1).callbacks(stopping))
                .fit(Series.perEpoch(), Series.data());

        assertEquals(0, stopping.checks());
    }

    // ---- what it refuses

    @Test
    void aMetricThatWasNotLoggedIsAnError() {
        var refused =
                assertThrows(
                        IllegalStateException.class,
                        () -> fit(EarlyStopping.of("acc", MAX), Series.perEpoch(1)));

        assertEquals(
                "EarlyStopping: 'acc' is monitored and was not logged, only [loss, val_loss,"
                        + " value]; log it, or monitor one of these",
                refused.getMessage());
    }

    @Test
    void aLenientOnePassesOverAMissingMetric() {
        var stopping = EarlyStopping.of("value", MIN, config -> config.lenient().patience(1));

        var result = fit(stopping, Series.perValidation(), plan -> plan.maxEpochs(2));

        assertEquals(2, result.epochs());
        assertEquals(0, stopping.checks());
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertEquals(
                "EarlyStopping: patience is -1; use a number from 0",
                refusal(config -> config.patience(-1)));
        assertEquals(
                "EarlyStopping: minDelta is NaN; use a number from 0",
                refusal(config -> config.minDelta(Double.NaN)));
    }

    private static String refusal(Consumer<EarlyStopping.Config> choices) {
        return String.valueOf(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> EarlyStopping.of("value", MIN, choices))
                        .getMessage());
    }

    // ---- state

    @Test
    void itsStateIsKeptUnderWhatItMonitors() {
        assertEquals(
                "EarlyStopping{monitor=value, mode=MAX}",
                EarlyStopping.of("value", MAX).stateKey());
    }

    @Test
    void itGoesOnWithWhatItHadSeen() {
        var stopping = EarlyStopping.of("value", MIN, config -> config.patience(2));
        fit(stopping, Series.perEpoch(3, 2, 2, 2));

        var again = EarlyStopping.of("value", MIN);
        again.loadStateDict(stopping.stateDict());

        assertEquals(2, again.best());
        assertEquals(2, again.waited());
        assertEquals(4, again.checks());
        assertEquals(OptionalInt.of(3), again.stoppedEpoch());
        assertEquals(stopping.stateDict(), again.stateDict());
    }

    @Test
    void aFitThatIsResumedStopsWhereTheUndisturbedOneDoes() throws IOException {
        new CutFits(
                        () -> Series.perEpoch(4, 3, 3, 3),
                        Series.data(),
                        () -> EarlyStopping.of("value", MIN, config -> config.patience(2)),
                        config -> config.maxEpochs(5))
                .assertLaw(16);
    }
}
