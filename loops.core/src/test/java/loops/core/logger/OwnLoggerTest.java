package loops.core.logger;

import static loops.core.logger.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import org.junit.jupiter.api.Test;

/// The logger in the Javadoc of [Logger].
class OwnLoggerTest {
    static final class LastRow implements Logger {
        private String row = "";

        @Override
        public String name() {
            return "last row";
        }

        @Override
        public void log(SequencedMap<String, Double> metrics, long step) {
            if (!metrics.isEmpty()) {
                row = step + " " + metrics;
            }
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("row", row);
        }

        @Override
        public void loadStateDict(Fields state) {
            row = state.text("row");
        }
    }

    @Test
    void anOwnLoggerNeedsANameAndAStateAndLog() {
        var logger = new LastRow();
        logger.hyperparameters(Fields.empty().with("rate", 0.5));
        logger.log(row("loss", 0.5), 7);
        logger.log(row(), 8);
        logger.checkpointSaved(Path.of("checkpoint-000001"));
        logger.finish(Logger.Ending.SUCCESS);

        var resumed = new LastRow();
        resumed.loadStateDict(logger.stateDict());

        assertEquals("7 {loss=0.5}", resumed.row);
        assertEquals("LastRow last row", resumed.stateKey());
        assertEquals(Optional.empty(), resumed.folder());
    }
}
