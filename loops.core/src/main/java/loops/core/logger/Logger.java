package loops.core.logger;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.api.Stateful;

/// Writes down the numbers of a run as they come: one row of metrics for each call of [#log].
///
/// An own logger needs a name, [#log] and a state:
///
/// ```java
/// final class LastRow implements Logger {
///     private String row = "";
///
///     @Override public String name() { return "last row"; }
///     @Override public void log(SequencedMap<String, Double> metrics, long step) {
///         if (!metrics.isEmpty()) row = step + " " + metrics;
///     }
///     @Override public Fields stateDict() { return Fields.empty().with("row", row); }
///     @Override public void loadStateDict(Fields state) { row = state.text("row"); }
/// }
/// ```
///
/// **Life.** A logger is made before the run and opens itself at the first row; a run that logs nothing leaves nothing
/// behind. [#finish] ends a run. The logger can be used for another one: the next row opens it again.
///
/// **Resume.** The state says how far the logger has come. After [#loadStateDict] it goes on there: rows that were logged
/// after the state was taken are gone, and come again as the run comes by again. So the log of a run that was cut and
/// resumed has each row once, and no gap. Whoever writes to a place that outlives the process puts the place and the
/// position in the state, and has [#stateDict] bring to that place all that the state counts.
///
/// **Names.** A name may have groups, as in `val/loss`; [#SEPARATOR] stands between them.
///
/// **Threads.** A logger belongs to the thread of the run.
public interface Logger extends Stateful {
    /// What stands between a group and a name: `val/loss`.
    String SEPARATOR = "/";

    /// How a run ended.
    enum Ending {
        /// It came to its end, or was asked to stop.
        SUCCESS,
        /// An exception ended it.
        FAILED
    }

    /// {@return what this logger, or its run, is called}
    String name();

    /// {@return the name of this logger's state in a checkpoint} Two loggers of one run need different ones. Default: the
    /// simple name of the class, a space, and [#name].
    default String stateKey() {
        return getClass().getSimpleName() + " " + name();
    }

    /// {@return the folder into which this logger writes} Empty if it writes none, or has not chosen one yet.
    default Optional<Path> folder() {
        return Optional.empty();
    }

    /// Writes down one row. A logger may keep rows back until [#flush].
    ///
    /// @param metrics values by name, in the order in which they are shown; NaN and infinities are values like others;
    ///     an empty map is no row
    /// @param step what the row is about, mostly the optimizer steps so far; need not grow from row to row
    void log(SequencedMap<String, Double> metrics, long step);

    /// Writes down one row, which is good for this call: the next one is written into the same object. The loops call
    /// this; who wants no garbage of a row overrides it. Default: [#log(SequencedMap, long)] with a copy.
    ///
    /// @param row values by name, in the order in which they are shown
    /// @param step what the row is about
    default void log(MetricRow row, long step) {
        log(row.toMap(), step);
    }

    /// Writes down what the run was started with: learning rate, batch size. Called once or more, before a row or
    /// between two; the last values count. The same values once more change nothing, so a resumed run may say them again.
    /// Default: does nothing.
    ///
    /// @param values what it was started with
    default void hyperparameters(Fields values) {}

    /// Brings all rows so far to where others can read them. Default: does nothing.
    default void flush() {}

    /// Takes note of a checkpoint, for loggers that keep or list them. Default: does nothing.
    ///
    /// @param checkpoint its place; it is complete
    default void checkpointSaved(Path checkpoint) {}

    /// Ends a run: brings all rows to where others can read them and lets go of what is open. Once more changes nothing.
    /// A row after it opens the logger again and stands behind those that are there. Default: calls [#flush].
    ///
    /// @param ending how the run ended
    default void finish(Ending ending) {
        flush();
    }
}
