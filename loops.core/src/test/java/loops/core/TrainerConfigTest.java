package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import loops.core.training.Limit;
import org.junit.jupiter.api.Test;

/// The choices of a trainer, where one depends on another.
class TrainerConfigTest {
    @Test
    void aTrialGoesBeforeAllOtherChoicesWhicheverIsMadeFirst() {
        var config =
                new TrainerConfig()
                        .fastDevRun(3)
                        .maxEpochs(5)
                        .testLimit(Limit.batches(7))
                        .plan(plan -> plan.validateEvery(Limit.batches(2)));

        assertEquals(1, config.plan().maxEpochs());
        assertEquals(Limit.batches(3), config.plan().trainLimit());
        assertEquals(Limit.all(), config.plan().validateEvery());
        assertEquals(Limit.batches(3), config.testLimit());
        assertEquals(Limit.batches(3), config.predictionLimit());
    }

    @Test
    void aTrialOfNoBatchIsNone() {
        var config = new TrainerConfig().fastDevRun(3).fastDevRun(0).maxEpochs(5);

        assertEquals(5, config.plan().maxEpochs());
        assertEquals(Limit.all(), config.testLimit());
    }

    @Test
    void aTrialOfFewerBatchesIsRefused() {
        var thrown =
                assertThrows(
                        IllegalArgumentException.class, () -> new TrainerConfig().fastDevRun(-1));

        assertEquals(
                "TrainerConfig: fastDevRun is -1; use a number of batches from 1, or 0 for no trial",
                thrown.getMessage());
    }
}
