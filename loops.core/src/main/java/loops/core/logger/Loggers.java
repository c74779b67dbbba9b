package loops.core.logger;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import loops.api.LoopState;
import loops.api.LoopState.Fields;

/// Several loggers as one: each is told everything, in their order.
///
/// The state has the state of each under its [Logger#stateKey]. What a logger throws ends the call, and those after it
/// are not told; but [#finish] ends all of them.
public final class Loggers implements Logger {
    private final List<Logger> members;

    private Loggers(List<Logger> members) {
        this.members = members;
    }

    /// {@return these loggers as one}
    ///
    /// @param loggers in the order in which they are told; none is allowed
    /// @throws IllegalArgumentException if two have the same state key
    public static Loggers of(List<? extends Logger> loggers) {
        var seen = new LinkedHashMap<String, Logger>();
        for (Logger logger : loggers) {
            var other = seen.putIfAbsent(logger.stateKey(), logger);
            if (other != null) {
                throw new IllegalArgumentException(
                        "Loggers.of: two loggers have the state key '%s': %s and %s; give one of them another name"
                                .formatted(logger.stateKey(), place(other), place(logger)));
            }
        }
        return new Loggers(List.copyOf(loggers));
    }

    private static String place(Logger logger) {
        return logger.folder().map(folder -> "one in " + folder).orElse("one without a folder");
    }

    /// {@return the loggers, in their order}
    public List<Logger> members() {
        return members;
    }

    /// {@return these loggers for one fold of several, with a metric `fold` in each row that says which it is}
    ///
    /// @param fold its number, from 0
    public Loggers ofFold(int fold) {
        return ofPart(LoggerConfig.FOLD, fold);
    }

    /// {@return these loggers for one round of several, with a metric `round` in each row that says which it is}
    ///
    /// @param round its number, from 0
    public Loggers ofRound(int round) {
        return ofPart(LoggerConfig.ROUND, round);
    }

    private Loggers ofPart(String part, int number) {
        return new Loggers(
                members.stream()
                        .<Logger>map(logger -> new LoggerOfPart(logger, part, number))
                        .toList());
    }

    /// {@return the names of all, with commas between them}
    @Override
    public String name() {
        return members.stream().map(Logger::name).collect(Collectors.joining(", "));
    }

    /// {@return the first folder that one of the loggers has}
    @Override
    public Optional<Path> folder() {
        return members.stream().flatMap(logger -> logger.folder().stream()).findFirst();
    }

    @Override
    public void log(SequencedMap<String, Double> metrics, long step) {
        members.forEach(logger -> logger.log(metrics, step));
    }

    @Override
    public void log(MetricRow row, long step) {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).log(row, step);
        }
    }

    @Override
    public void hyperparameters(Fields values) {
        members.forEach(logger -> logger.hyperparameters(values));
    }

    @Override
    public void flush() {
        members.forEach(Logger::flush);
    }

    @Override
    public void checkpointSaved(Path checkpoint) {
        members.forEach(logger -> logger.checkpointSaved(checkpoint));
    }

    /// {@inheritDoc} If several throw, the first exception is thrown and has the others as suppressed ones.
    @Override
    public void finish(Ending ending) {
        RuntimeException first = null;
        for (Logger logger : members) {
            try {
                logger.finish(ending);
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Override
    public Fields stateDict() {
        var states = new LinkedHashMap<String, LoopState>();
        members.forEach(logger -> states.put(logger.stateKey(), logger.stateDict()));
        return new Fields(states);
    }

    /// {@inheritDoc} If a logger refuses its state, those before it have theirs already.
    @Override
    public void loadStateDict(Fields state) {
        StateKeys.require(
                "Loggers", state, members.stream().map(Logger::stateKey).toArray(String[]::new));
        members.forEach(logger -> logger.loadStateDict(state.fields(logger.stateKey())));
    }
}
