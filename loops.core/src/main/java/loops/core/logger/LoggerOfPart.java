package loops.core.logger;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;

/// A logger that says in each row of which part of the run it is. All else is that of the logger it passes the rows to.
///
/// @param logger takes the rows
/// @param part the metric that says it: `fold` or `round`
/// @param number the number of the part, from 0
record LoggerOfPart(Logger logger, String part, int number) implements Logger {
    @Override
    public String name() {
        return logger.name();
    }

    @Override
    public String stateKey() {
        return logger.stateKey();
    }

    @Override
    public Optional<Path> folder() {
        return logger.folder();
    }

    @Override
    public void log(SequencedMap<String, Double> metrics, long step) {
        var row = new LinkedHashMap<>(metrics);
        if (!row.isEmpty()) {
            row.putIfAbsent(part, (double) number);
        }
        logger.log(row, step);
    }

    @Override
    public void log(MetricRow row, long step) {
        if (row.size() > 0 && row.indexOf(part) < 0) {
            row.put(part, number);
        }
        logger.log(row, step);
    }

    @Override
    public void hyperparameters(Fields values) {
        logger.hyperparameters(values);
    }

    @Override
    public void flush() {
        logger.flush();
    }

    @Override
    public void checkpointSaved(Path checkpoint) {
        logger.checkpointSaved(checkpoint);
    }

    @Override
    public void finish(Ending ending) {
        logger.finish(ending);
    }

    @Override
    public Fields stateDict() {
        return logger.stateDict();
    }

    @Override
    public void loadStateDict(Fields state) {
        logger.loadStateDict(state);
    }
}
