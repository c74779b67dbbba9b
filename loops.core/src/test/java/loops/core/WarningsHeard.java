package loops.core;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The warnings of the loops, or lower lines too, while it is open. They are printed nowhere meanwhile.
public final class WarningsHeard implements AutoCloseable {
    private final Logger logger = Logger.getLogger("loops.core");
    private final List<String> lines = new ArrayList<>();
    private final Listener listener;
    private final @Nullable Level before;

    /// Listens to warnings from now on.
    public WarningsHeard() {
        this(Level.WARNING);
    }

    /// Listens to lines of at least a level from now on.
    ///
    /// @param least the level
    WarningsHeard(Level least) {
        listener = new Listener(lines, least);
        before = logger.getLevel();
        logger.setLevel(least);
        logger.addHandler(listener);
        logger.setUseParentHandlers(false);
    }

    /// {@return the lines so far}
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.removeHandler(listener);
        logger.setUseParentHandlers(true);
        logger.setLevel(before);
    }

    private static final class Listener extends Handler {
        private final List<String> lines;

        private final Level least;

        Listener(List<String> lines, Level least) {
            this.lines = lines;
            this.least = least;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() < least.intValue()) {
                return;
            }
            var values = line.getParameters();
            lines.add(
                    values == null || values.length == 0
                            ? line.getMessage()
                            : MessageFormat.format(line.getMessage(), values));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
