package loops.core.logger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LoggerConfigTest {
    @Test
    void aNegativeVersionIsRefused() {
        assertRefused(
                config -> config.version(-1), "LoggerConfig: version is -1; use a number from 0");
    }

    @Test
    void rowsThatAreNeverWrittenAreRefused() {
        assertRefused(
                config -> config.flushEvery(0),
                "LoggerConfig: flushEvery is 0; use a number from 1");
    }

    private static void assertRefused(Consumer<LoggerConfig> choices, String message) {
        var refused = assertThrows(IllegalArgumentException.class, () -> LoggerConfig.of(choices));
        assertEquals(message, refused.getMessage());
    }
}
