package conformance.kit;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What the loops say to people while something runs. It is said nowhere else meanwhile.
public final class LogLines {
    private static final String LOOPS = "loops";

    private final List<LogRecord> records = new ArrayList<>();

    /// No line yet.
    public LogLines() {}

    /// {@return what the body gives, while its lines are kept here}
    ///
    /// @param <T> what the body gives
    /// @param body what is run
    public <T extends @Nullable Object> T during(Supplier<T> body) {
        var logger = Logger.getLogger(LOOPS);
        var level = logger.getLevel();
        boolean above = logger.getUseParentHandlers();
        var keeper = new Keeper(records);
        logger.addHandler(keeper);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.ALL);
        try {
            return body.get();
        } finally {
            logger.setLevel(level);
            logger.setUseParentHandlers(above);
            logger.removeHandler(keeper);
        }
    }

    /// {@return all lines of at least a level, in order}
    ///
    /// @param least the level
    public List<String> lines(Level least) {
        return records.stream()
                .filter(each -> each.getLevel().intValue() >= least.intValue())
                .map(LogLines::text)
                .toList();
    }

    /// {@return the first warning in which some words stand, if there is one}
    ///
    /// @param words what we say in such a warning
    public Optional<String> warning(String words) {
        return lines(Level.WARNING).stream().filter(line -> line.contains(words)).findFirst();
    }

    private static String text(LogRecord line) {
        String text = Objects.requireNonNullElse(line.getMessage(), "");
        var values = line.getParameters();
        return values == null || values.length == 0 ? text : MessageFormat.format(text, values);
    }

    private static final class Keeper extends Handler {
        private final List<LogRecord> records;

        Keeper(List<LogRecord> records) {
            this.records = records;
        }

        @Override
        public void publish(LogRecord line) {
            records.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
