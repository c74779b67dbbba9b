package loops.core;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// The warnings of the loops while it is open. They are printed nowhere meanwhile.
public final class WarningsHeard implements AutoCloseable {
    private final Logger logger = Logger.getLogger("loops.core");
    private final List<String> lines = new ArrayList<>();
    private final Listener listener = new Listener(lines);

    /// Listens from now on.
    public WarningsHeard() {
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
    }

    private static final class Listener extends Handler {
        private final List<String> lines;

        Listener(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() < Level.WARNING.intValue()) {
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
