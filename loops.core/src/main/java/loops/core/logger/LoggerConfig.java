package loops.core.logger;

import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/// The choices of a logger that writes into `root/name/version_N`.
public final class LoggerConfig {
    static final String FOLD = "fold";
    static final String ROUND = "round";

    /// The metrics that say where a row stands, as its step does: whole numbers, in no group.
    static final Set<String> PLACES = Set.of("epoch", FOLD, ROUND);

    private String name = "loops";
    private OptionalLong version = OptionalLong.empty();
    private String prefix = "";
    private int flushEvery = 1;

    private LoggerConfig() {}

    static LoggerConfig of(Consumer<LoggerConfig> choices) {
        var config = new LoggerConfig();
        choices.accept(config);
        return config;
    }

    /// Sets what the runs are called: the folder above their versions. `loops` if not set.
    ///
    /// @param name a path below the root; empty for the root itself
    /// @return this
    public LoggerConfig name(String name) {
        this.name = name;
        return this;
    }

    /// Sets the number of the run's folder. If it is not set, the first row takes the greatest number that is there and
    /// 1 more, or 0 if there is none.
    ///
    /// @param version from 0
    /// @return this
    /// @throws IllegalArgumentException if `version` is less
    public LoggerConfig version(long version) {
        this.version = OptionalLong.of(atLeast("version", version, 0));
        return this;
    }

    /// Sets the group into which all metrics but `epoch` go: `loss` becomes `prefix/loss`. None if not set.
    ///
    /// @param prefix the name of the group; empty for none
    /// @return this
    public LoggerConfig prefix(String prefix) {
        this.prefix = prefix;
        return this;
    }

    /// Sets how many rows are kept back before they are written to the file together; 1 if not set.
    ///
    /// @param rows from 1
    /// @return this
    /// @throws IllegalArgumentException if `rows` is less
    public LoggerConfig flushEvery(int rows) {
        flushEvery = (int) atLeast("flushEvery", rows, 1);
        return this;
    }

    private static long atLeast(String choice, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "LoggerConfig: %s is %d; use a number from %d".formatted(choice, value, least));
        }
        return value;
    }

    String name() {
        return name;
    }

    OptionalLong version() {
        return version;
    }

    int flushEvery() {
        return flushEvery;
    }

    /// {@return the name under which a metric is written}
    String prefixed(String metric) {
        return prefix.isEmpty() || PLACES.contains(metric)
                ? metric
                : prefix + Logger.SEPARATOR + metric;
    }
}
