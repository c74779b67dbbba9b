package loops.core.training;

import static loops.core.training.LogFlag.NO_LOGGER;
import static loops.core.training.LogFlag.ON_EPOCH;
import static loops.core.training.LogFlag.ON_STEP;
import static loops.core.training.LogFlag.PROGRESS_BAR;
import static loops.core.training.LogFlag.SAME_NAME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import loops.core.logger.Loggers;
import loops.core.logger.MemoryLogger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsTest {
    private final Metrics metrics = new Metrics();
    private final MemoryLogger memory = MemoryLogger.of();
    private final Loggers loggers = Loggers.of(List.of(memory));

    /// Logs from a training step.
    private void train(String name, double value, int samples, LogOption... options) {
        metrics.beginBatch(samples);
        log(HookPoint.TRAINING_STEP, name, value, options);
    }

    private void log(HookPoint place, String name, double value, LogOption... options) {
        var before = metrics.enter(place);
        try {
            metrics.log(name, value, options);
        } finally {
            metrics.enter(before);
        }
    }

    private List<String> rows() {
        return memory.rows().stream().map(row -> row.step() + " " + row.metrics()).toList();
    }

    private static String refusal(Runnable action) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    // ---- names and values

    @Test
    void aValueOfAStepIsMonitoredAndLoggedUnderItsName() {
        train("loss", 3, 1, ON_STEP);
        train("loss", 5, 1, ON_STEP);

        assertEquals(Map.of("loss", 5.0), metrics.all());
        assertEquals(Map.of("loss", 5.0), metrics.logged());
        assertEquals(OptionalDouble.of(5), metrics.get("loss"));
        assertEquals(OptionalDouble.empty(), metrics.get("loss_step"));
    }

    @Test
    void aValueOfAnEpochComesWithItsEnd() {
        train("loss", 3, 1, ON_EPOCH);
        assertEquals(Map.of(), metrics.all());

        train("loss", 5, 3, ON_EPOCH);
        metrics.endBatches();

        assertEquals(Map.of("loss", 4.5), metrics.all());
        assertEquals(Map.of("loss", 4.5), metrics.logged());
    }

    @Test
    void aValueOfBothHasTwoNamesForLoggersAndThreeToMonitor() {
        train("loss", 3, 1, ON_STEP, ON_EPOCH);
        train("loss", 5, 1, ON_STEP, ON_EPOCH);

        assertEquals(Map.of("loss_step", 5.0), metrics.logged());
        assertEquals(Map.of("loss", 5.0, "loss_step", 5.0), metrics.all());

        metrics.endBatches();

        assertEquals(Map.of("loss_step", 5.0, "loss_epoch", 4.0), metrics.logged());
        assertEquals(Map.of("loss", 4.0, "loss_step", 5.0, "loss_epoch", 4.0), metrics.all());
    }

    @Test
    void anEpochIsReducedAsTheOptionSays() {
        for (double value : new double[] {4, -1, 6}) {
            train("mean", value, 2, ON_EPOCH, Reduce.MEAN);
            train("sum", value, 2, ON_EPOCH, Reduce.SUM);
            train("min", value, 2, ON_EPOCH, Reduce.MIN);
            train("max", value, 2, ON_EPOCH, Reduce.MAX);
        }
        metrics.endBatches();

        assertEquals(Map.of("mean", 3.0, "sum", 9.0, "min", -1.0, "max", 6.0), metrics.all());
    }

    @Test
    void theLeastAndTheGreatestAreNoNumberOnceAValueIsNone() {
        for (double value : new double[] {4, Double.NaN, 6}) {
            train("min", value, 1, ON_EPOCH, Reduce.MIN);
            train("max", value, 1, ON_EPOCH, Reduce.MAX);
        }
        metrics.endBatches();

        assertEquals(Map.of("min", Double.NaN, "max", Double.NaN), metrics.all());
    }

    @Test
    void aValueMayStandForAnotherNumberOfSamplesThanItsBatchHas() {
        train("accuracy", 1, 8, ON_EPOCH, new Samples(1));
        train("accuracy", 0, 8, ON_EPOCH, new Samples(3));
        metrics.endBatches();

        assertEquals(Map.of("accuracy", 0.25), metrics.all());
    }

    @Test
    void aHookOfAnEpochLogsForOneSample() {
        train("loss", 1, 8);
        metrics.endBatches();

        log(HookPoint.TRAIN_EPOCH_END, "seconds", 2);
        log(HookPoint.TRAIN_EPOCH_END, "seconds", 4);

        assertEquals(OptionalDouble.of(3), metrics.get("seconds"));
    }

    @Test
    void valuesOfTwoPlacesAreKeptApartAndTheLaterPlaceIsSeen() {
        log(HookPoint.TRAIN_BATCH_START, "x", 1, ON_EPOCH);
        log(HookPoint.TRAIN_BATCH_END, "x", 5, ON_EPOCH);
        log(HookPoint.TRAIN_BATCH_START, "x", 3, ON_EPOCH);
        log(HookPoint.TRAIN_BATCH_END, "x", 7, ON_EPOCH);
        metrics.endBatches();

        assertEquals(Map.of("x", 6.0), metrics.all());
    }

    @Test
    void whatIsNotForLoggersIsMonitoredAllTheSame() {
        train("secret", 1, 1, NO_LOGGER);
        train("shown", 2, 1, NO_LOGGER, PROGRESS_BAR, ON_STEP, ON_EPOCH);

        assertEquals(Map.of(), metrics.logged());
        assertEquals(Map.of("shown_step", 2.0), metrics.progressBar());
        assertEquals(Set.of("secret", "shown", "shown_step"), metrics.all().keySet());
    }

    @Test
    void valuesPutInFromOutsideStandOverEarlierOnes() {
        train("loss", 1, 1, ON_EPOCH);
        metrics.putAll(Map.of("loss", 7.0, "folds", 5.0));

        assertEquals(Map.of("loss", 7.0, "folds", 5.0), metrics.all());
    }

    // ---- what is allowed where

    @ParameterizedTest
    @EnumSource(HookPoint.class)
    void aPlaceSaysWhatIsMeantIfNothingIsSaidAndWhatIsRefused(HookPoint place) {
        switch (place.logging()) {
            case NONE -> {
                var refused = assertThrows(IllegalStateException.class, () -> log(place, "x", 1));
                assertEquals(
                        "log: 'x' in %s, where nothing is logged; log it in a step, or in a hook of a batch or an epoch"
                                .formatted(place.method()),
                        refused.getMessage());
            }
            case STEP_FIRST -> {
                log(place, "x", 1);
                assertEquals(Map.of("x", 1.0), metrics.all());
                metrics.endBatches();
                assertEquals(Map.of("x", 1.0), metrics.logged());
            }
            case EPOCH_FIRST -> {
                log(place, "x", 1);
                assertEquals(Map.of(), metrics.all());
                log(place, "y", 2, ON_STEP);
                assertEquals(Map.of("y", 2.0), metrics.all());
                metrics.endBatches();
                assertEquals(Map.of("x", 1.0, "y", 2.0), metrics.all());
            }
            case EPOCH -> {
                log(place, "x", 1);
                assertEquals(Map.of(), metrics.all());
                assertEquals(
                        "log: 'x' ON_STEP in %s, which belongs to no step; use ON_EPOCH"
                                .formatted(place.method()),
                        refusal(() -> log(place, "z", 1, ON_STEP)).replace("'z'", "'x'"));
            }
        }
    }

    @Test
    void theHooksWithoutAnythingToLogAreThoseAroundARun() {
        var silent = EnumSet.noneOf(HookPoint.class);
        for (HookPoint place : HookPoint.values()) {
            if (place.logging() == HookPoint.Logging.NONE) {
                silent.add(place);
            }
        }

        assertEquals(
                EnumSet.of(
                        HookPoint.SETUP,
                        HookPoint.FIT_START,
                        HookPoint.SANITY_CHECK_START,
                        HookPoint.SANITY_CHECK_END,
                        HookPoint.VALIDATION_END,
                        HookPoint.TRAIN_EPOCH_MEASURED,
                        HookPoint.TRAIN_END,
                        HookPoint.FIT_END,
                        HookPoint.TEST_END,
                        HookPoint.PREDICT_START,
                        HookPoint.PREDICT_EPOCH_START,
                        HookPoint.PREDICT_BATCH_START,
                        HookPoint.PREDICT_STEP,
                        HookPoint.PREDICT_BATCH_END,
                        HookPoint.PREDICT_EPOCH_END,
                        HookPoint.PREDICT_END,
                        HookPoint.EXCEPTION,
                        HookPoint.TEARDOWN),
                silent);
    }

    @Test
    void aNameLoggedInTwoWaysAtOnePlaceIsRefused() {
        train("loss", 1, 1, ON_STEP);

        assertEquals(
                "log: 'loss' in trainingStep with [ON_STEP, ON_EPOCH, SUM, PROGRESS_BAR], before"
                        + " with [ON_STEP, MEAN]; log it in one way, or under two names",
                refusal(() -> train("loss", 1, 1, ON_EPOCH, PROGRESS_BAR, ON_STEP, Reduce.SUM)));
    }

    @Test
    void onlyWhatOptionsComeToCounts() {
        train("loss", 1, 1, ON_STEP, ON_EPOCH);
        train("loss", 2, 1, ON_EPOCH, ON_STEP);
        train("loss", 3, 1, ON_EPOCH, Reduce.MEAN, ON_STEP, new Samples(2));
        log(HookPoint.TRAIN_BATCH_END, "loss", 4, ON_EPOCH);
        metrics.endBatches();

        assertEquals(OptionalDouble.of(9.0 / 4), metrics.get("loss_epoch"));
    }

    @Test
    void twoWaysToReduceAreRefused() {
        assertEquals(
                "log: 'loss' with [SUM, MAX]; an epoch's values are reduced in one way, use one of"
                        + " them",
                refusal(() -> train("loss", 1, 1, Reduce.SUM, ON_EPOCH, Reduce.MAX)));
    }

    @Test
    void aNameWithTheSuffixOfDataLoadersIsRefused() {
        assertEquals(
                "log: 'acc/dataloader_idx_1' has the suffix that data loaders get; log it without"
                        + " '/dataloader_idx_'",
                refusal(() -> train("acc/dataloader_idx_1", 1, 1)));
    }

    @Test
    void samplesCountFromOne() {
        assertEquals("Samples: count is 0; use a number from 1", refusal(() -> new Samples(0)));
    }

    // ---- what loggers get

    @Test
    void aStepIsWrittenWithItsEpoch() {
        train("loss", 1, 1, ON_STEP, ON_EPOCH);
        train("seen", 1, 1, NO_LOGGER);

        metrics.writeStep(loggers, 7, 2);

        assertEquals(List.of("7 {loss_step=1.0, epoch=2.0}"), rows());
    }

    @Test
    void anEpochIsWrittenOnceAndForgotten() {
        train("loss", 1, 1, ON_STEP, ON_EPOCH);
        metrics.endBatches();
        log(HookPoint.TRAIN_EPOCH_END, "late", 3);

        metrics.writeEpoch(loggers, 7, 2);
        metrics.writeEpoch(loggers, 8, 3);

        assertEquals(List.of("7 {loss_epoch=1.0, late=3.0, epoch=2.0}"), rows());
        assertEquals(
                Map.of("loss", 1.0, "loss_step", 1.0, "loss_epoch", 1.0, "late", 3.0),
                metrics.all());
    }

    @Test
    void aValueNamedStepIsThePlaceOnTheAxisAndAValueNamedEpochStays() {
        train("loss", 1, 1);
        train("epoch", -1, 1);
        metrics.writeStep(loggers, 7, 2);
        train("step", 100, 1);
        metrics.writeStep(loggers, 8, 2);

        assertEquals(List.of("7 {loss=1.0, epoch=-1.0}", "100 {loss=1.0, epoch=-1.0}"), rows());
    }

    // ---- evaluations

    /// An evaluation of some data loaders of two batches, of 1 and 3 samples.
    private List<Map<String, Double>> evaluate(int loaders, LogOption... options) {
        var results = new ArrayList<Map<String, Double>>();
        metrics.beginEvaluation(false);
        for (int loader = 0; loader < loaders; loader++) {
            metrics.evaluate(loaders > 1 ? OptionalInt.of(loader) : OptionalInt.empty());
            for (int batch = 0; batch < 2; batch++) {
                metrics.beginBatch(1 + 2 * batch);
                log(HookPoint.VALIDATION_STEP, "acc", 10 * loader + batch, options);
                metrics.writeEvaluationStep(loggers, loader);
            }
            metrics.endBatches();
            results.add(metrics.evaluated());
        }
        metrics.evaluate(OptionalInt.empty());
        return results;
    }

    @Test
    void anEvaluationIsAveragedOverItsSamples() {
        assertEquals(List.of(Map.of("acc", 0.75)), evaluate(1));
        assertEquals(Map.of("acc", 0.75), metrics.all());
        assertEquals(List.of(), rows());
    }

    @Test
    void stepsOfAnEvaluationAreWrittenOnAnAxisOfTheirOwnAndNotMonitored() {
        evaluate(1, ON_STEP, ON_EPOCH);
        metrics.endEvaluation();
        evaluate(1, ON_STEP, ON_EPOCH);

        assertEquals(
                List.of(
                        "0 {acc_step=0.0}",
                        "1 {acc_step=1.0}",
                        "2 {acc_step=0.0}",
                        "3 {acc_step=1.0}"),
                rows());
        assertEquals(Map.of("acc", 0.75, "acc_epoch", 0.75), metrics.all());
    }

    @Test
    void severalDataLoadersAreToldApartByTheirNames() {
        var results = evaluate(2, ON_STEP, ON_EPOCH);

        assertEquals(
                List.of(
                        Map.of("acc_epoch/dataloader_idx_0", 0.75),
                        Map.of("acc_epoch/dataloader_idx_1", 10.75)),
                results);
        assertEquals(
                List.of(
                        "0 {acc_step/dataloader_idx_0=0.0}",
                        "1 {acc_step/dataloader_idx_0=1.0}",
                        "0 {acc_step/dataloader_idx_1=10.0}",
                        "1 {acc_step/dataloader_idx_1=11.0}"),
                rows());
        assertEquals(
                Set.of(
                        "acc/dataloader_idx_0",
                        "acc_epoch/dataloader_idx_0",
                        "acc/dataloader_idx_1",
                        "acc_epoch/dataloader_idx_1"),
                metrics.all().keySet());
    }

    @Test
    void aValueMayHaveOneNameForAllDataLoaders() {
        assertEquals(List.of(Map.of("acc", 0.75), Map.of("acc", 10.75)), evaluate(2, SAME_NAME));
        assertEquals(Map.of("acc", 10.75), metrics.all());
    }

    @Test
    void anEvaluationLeavesTheTrainingAroundItAlone() {
        train("loss", 2, 1, ON_STEP, ON_EPOCH);
        evaluate(1);
        assertEquals(OptionalDouble.of(2), metrics.get("loss"), "what came before is still seen");
        log(HookPoint.VALIDATION_EPOCH_END, "around", 5);
        var around = metrics.evaluated();
        metrics.writeEvaluation(loggers, around, 9, 1);
        metrics.endEvaluation();
        train("loss", 4, 1, ON_STEP, ON_EPOCH);
        metrics.endBatches();

        assertEquals(OptionalDouble.of(3), metrics.get("loss_epoch"));
        assertEquals(List.of("9 {acc=0.75, around=5.0, epoch=1.0}"), rows());
    }

    @Test
    void theHooksAroundAnEvaluationLogForOneSample() {
        metrics.beginBatch(8);
        metrics.beginEvaluation(false);
        log(HookPoint.VALIDATION_START, "x", 1);
        evaluateOneBatchOf(4);
        log(HookPoint.VALIDATION_START, "x", 4);

        assertEquals(Map.of("x", 2.5), metrics.evaluated());
    }

    private void evaluateOneBatchOf(int samples) {
        metrics.beginBatch(samples);
        metrics.endBatches();
    }

    @Test
    void nothingOfASanityCheckIsWritten() {
        metrics.beginEvaluation(true);
        metrics.beginBatch(1);
        log(HookPoint.VALIDATION_STEP, "acc", 1, ON_STEP, ON_EPOCH);
        metrics.writeEvaluationStep(loggers, 0);
        metrics.endBatches();
        var result = metrics.evaluated();
        metrics.writeEvaluation(loggers, result, 0, 0);
        metrics.endEvaluation();
        evaluate(1, ON_STEP);

        assertEquals(Map.of("acc_epoch", 1.0), result);
        assertEquals(List.of("0 {acc=0.0}", "1 {acc=1.0}"), rows());
    }

    // ---- state

    @Test
    void anOptionLoggedAfterALoadIsHeldAgainstTheSavedOne() {
        train("loss", 1, 1, ON_EPOCH, Reduce.SUM);
        var other = new Metrics();
        other.loadStateDict(metrics.stateDict());
        other.enter(HookPoint.TRAINING_STEP);

        assertEquals(
                "log: 'loss' in trainingStep with [ON_STEP, MEAN], before with [ON_EPOCH, SUM]; log"
                        + " it in one way, or under two names",
                refusal(() -> other.log("loss", 1)));
        other.log("loss", 2, Reduce.SUM, ON_EPOCH);
        other.endBatches();
        assertEquals(Map.of("loss", 3.0), other.all());
    }

    @Test
    void theCodecKeepsEveryNumberAsItIs() {
        var values = new LinkedHashMap<String, Double>();
        Stream.of(0.1, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE)
                .forEach(value -> values.put("v" + values.size(), value));

        var read = Metrics.CODEC.decode(Metrics.CODEC.encode(values));

        assertEquals(List.copyOf(values.entrySet()), List.copyOf(read.entrySet()));
    }
}
