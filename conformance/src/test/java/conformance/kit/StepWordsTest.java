package conformance.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import conformance.check.NotUnderstoodException;
import conformance.json.Json;
import java.util.List;
import java.util.Objects;
import loops.core.training.LogFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What cases say of steps in words.
class StepWordsTest {
    @Test
    void aStepLogsItsValueUnlessItIsSaidOtherwise() {
        assertEquals(new StepLog("loss", List.of(LogFlag.ON_STEP)), StepLog.read("loss"));
        assertEquals(
                new StepLog("a", List.of(LogFlag.ON_STEP, LogFlag.ON_EPOCH)),
                StepLog.read("a on_epoch=true (on_step default true in training_step)"));
        assertEquals(
                new StepLog("a", List.of(LogFlag.PROGRESS_BAR, LogFlag.NO_LOGGER)),
                StepLog.read("a on_step=false prog_bar=true logger=false"));
    }

    @Test
    void wordsThatAreNotKnownAreNotUnderstood() {
        assertNotUnderstood("log: there is no flag sync=true", () -> StepLog.read("a sync=true"));
        assertNotUnderstood(
                "the text 'opt.jump()' fits none of",
                () -> ManualStep.read("backward(l1); opt.jump()"));
        assertNotUnderstood("the text 'opt_5' fits none of", () -> ManualStep.read("opt_5.step()"));
    }

    @Test
    void everyValueOfACaseCanBePutOutAndReadBack() {
        for (Object value : List.of(3, 0.1, -7L, "else", "")) {
            assertEquals(Json.of(value), Reports.value(Reports.tensor(Json.of(value))));
        }
    }

    private static void assertNotUnderstood(String message, Executable read) {
        String said = assertThrows(NotUnderstoodException.class, read).getMessage();
        assertTrue(Objects.requireNonNull(said).startsWith(message), said);
    }
}
