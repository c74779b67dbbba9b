package loops.core.logger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import loops.core.logger.MemoryLogger.Row;
import org.junit.jupiter.api.Test;

class MemoryLoggerTest {
    private final MemoryLogger logger = MemoryLogger.of();

    @Test
    void rowsAreKeptInTheirOrder() {
        logger.log(metrics("loss", 0.5), 10);
        logger.log(metrics("val/loss", Double.NaN), 9);

        assertEquals(
                List.of(
                        new Row(metrics("loss", 0.5), 10),
                        new Row(metrics("val/loss", Double.NaN), 9)),
                logger.rows());
    }

    @Test
    void aRowIsACopy() {
        var metrics = metrics("loss", 0.5);
        logger.log(metrics, 1);
        var before = logger.rows();

        metrics.put("loss", 0.25);
        logger.log(metrics, 2);

        assertEquals(List.of(new Row(metrics("loss", 0.5), 1)), before);
    }

    @Test
    void anEmptyMapIsNoRow() {
        logger.log(new LinkedHashMap<>(), 1);

        assertEquals(List.of(), logger.rows());
    }

    @Test
    void aNewLoggerGoesOnFromAState() {
        logger.hyperparameters(Fields.empty().with("rate", 0.5));
        logger.log(metrics("loss", -0.0), 1);
        var state = logger.stateDict();
        logger.log(metrics("loss", 2), 2);

        var resumed = MemoryLogger.of();
        resumed.log(metrics("other", 7), 7);
        resumed.loadStateDict(state);
        resumed.log(metrics("loss", 3), 3);

        assertEquals(
                List.of(new Row(metrics("loss", -0.0), 1), new Row(metrics("loss", 3), 3)),
                resumed.rows());
        assertEquals(Fields.empty().with("rate", 0.5), resumed.hyperparameters());
    }

    @Test
    void itWritesNothingAndStaysOpen() {
        logger.flush();
        logger.checkpointSaved(Path.of("checkpoint-000001"));
        logger.finish(Logger.Ending.FAILED);
        logger.log(metrics("loss", 1), 1);

        assertEquals(Optional.empty(), logger.folder());
        assertEquals(1, logger.rows().size());
    }

    @Test
    void itsStateIsCalledAfterItsClassAndName() {
        assertEquals("MemoryLogger memory", logger.stateKey());
        assertEquals("MemoryLogger mine", MemoryLogger.of("mine").stateKey());
    }

    @Test
    void aStateWithOtherKeysIsRefusedAndChangesNothing() {
        logger.log(metrics("loss", 1), 1);

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> logger.loadStateDict(Fields.empty().with("length", 3)));

        assertEquals(
                "MemoryLogger: the state has the keys [length], needs [rows, hyperparameters];"
                        + " load a state that this class gave",
                refused.getMessage());
        assertEquals(1, logger.rows().size());
    }

    @Test
    void aStateWithSomethingElseForARowIsRefusedAndChangesNothing() {
        logger.log(metrics("loss", 1), 1);

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                logger.loadStateDict(
                                        Fields.of("rows", new Items(List.of(new Num(3))))
                                                .with("hyperparameters", Fields.empty())));

        assertEquals("MemoryLogger: a row is 3, needs to be named fields", refused.getMessage());
        assertEquals(1, logger.rows().size());
    }

    private static SequencedMap<String, Double> metrics(String name, double value) {
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put(name, value);
        return metrics;
    }
}
