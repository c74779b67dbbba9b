package loops.core.logger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.core.logger.Logger.Ending;
import loops.core.logger.MemoryLogger.Row;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// A log that was cut and gone on with, any number of times, has the bytes of one that was not.
class LoggerLawPropertyTest {
    private static final Fields HYPERPARAMETERS = Fields.empty().with("rate", 0.5);

    /// A run that saves its state after some rows, logs others and dies.
    ///
    /// @param rows that are saved
    /// @param lost rows that are logged after the state was taken
    /// @param end how it dies
    record Attempt(List<Row> rows, List<Row> lost, Death end) {}

    enum Death {
        FINISHED,
        KILLED,
        KILLED_WHILE_WRITING
    }

    /// What tells the time: rows by their place in the log, so that a row has the same time each time it comes.
    private static final class Clock implements InstantSource {
        private long rows;

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(1_767_225_600 + rows);
        }
    }

    private interface NewLogger {
        Logger in(Path root, int flushEvery, InstantSource clock);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void aTableThatWasCutIsTheUncutOne(
            @ForAll("attempts") List<Attempt> attempts,
            @ForAll("rows") List<Row> last,
            @ForAll("kept") int flushEvery)
            throws IOException {
        assertLaw(
                attempts,
                last,
                flushEvery,
                (root, kept, clock) -> CsvLogger.of(root, config -> config.flushEvery(kept)));
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void anEventFileThatWasCutIsTheUncutOne(
            @ForAll("attempts") List<Attempt> attempts,
            @ForAll("rows") List<Row> last,
            @ForAll("kept") int flushEvery)
            throws IOException {
        assertLaw(
                attempts,
                last,
                flushEvery,
                (root, kept, clock) ->
                        TensorBoardLogger.of(root, config -> config.flushEvery(kept), clock));
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void rowsInMemoryThatWereCutAreTheUncutOnes(
            @ForAll("attempts") List<Attempt> attempts, @ForAll("rows") List<Row> last) {
        var uncut = MemoryLogger.of();
        attempts.forEach(attempt -> attempt.rows().forEach(row -> log(uncut, row)));
        last.forEach(row -> log(uncut, row));

        var cut = MemoryLogger.of();
        for (Attempt attempt : attempts) {
            attempt.rows().forEach(row -> log(cut, row));
            var state = cut.stateDict();
            attempt.lost().forEach(row -> log(cut, row));
            cut.loadStateDict(state);
        }
        last.forEach(row -> log(cut, row));

        assertEquals(uncut.rows(), cut.rows());
        assertEquals(uncut.stateDict(), cut.stateDict());
    }

    private static void assertLaw(
            List<Attempt> attempts, List<Row> last, int flushEvery, NewLogger make)
            throws IOException {
        var folder = Files.createTempDirectory("logs");
        try {
            var uncutRoot = Files.createDirectory(folder.resolve("uncut"));
            var clock = new Clock();
            var uncut = make.in(uncutRoot, 1, clock);
            uncut.hyperparameters(HYPERPARAMETERS);
            uncut.stateDict();
            for (Attempt attempt : attempts) {
                logAll(uncut, attempt.rows(), clock);
            }
            logAll(uncut, last, clock);
            uncut.finish(Ending.SUCCESS);

            var cutRoot = Files.createDirectory(folder.resolve("cut"));
            cut(attempts, last, clock, () -> make.in(cutRoot, flushEvery, clock));

            assertEquals(Rows.files(uncutRoot), Rows.files(cutRoot));
        } finally {
            Rows.delete(folder);
        }
    }

    private static void cut(
            List<Attempt> attempts, List<Row> last, Clock clock, Supplier<Logger> make)
            throws IOException {
        clock.rows = 0;
        var logger = make.get();
        logger.hyperparameters(HYPERPARAMETERS);
        logger.stateDict();
        for (Attempt attempt : attempts) {
            logAll(logger, attempt.rows(), clock);
            var state = logger.stateDict();
            long rows = clock.rows;
            logAll(logger, attempt.lost(), clock);
            if (attempt.end() == Death.FINISHED) {
                logger.finish(Ending.FAILED);
            }
            if (attempt.end() == Death.KILLED_WHILE_WRITING) {
                tear(logger.folder().orElseThrow());
            }
            var files = Rows.files(logger.folder().orElseThrow());
            logger = make.get();
            logger.loadStateDict(state);
            assertEquals(files, Rows.files(logger.folder().orElseThrow()));
            logger.hyperparameters(HYPERPARAMETERS);
            assertEquals(state, logger.stateDict());
            clock.rows = rows;
        }
        logAll(logger, last, clock);
        logger.finish(Ending.SUCCESS);
    }

    /// Appends the beginning of a row, and leaves half a file behind.
    private static void tear(Path folder) throws IOException {
        for (String name : Rows.names(folder)) {
            if (!name.equals("hparams.json")) {
                Files.writeString(folder.resolve(name), "12,0.", StandardOpenOption.APPEND);
                Files.writeString(folder.resolve(name + ".unfinished"), "step,");
            }
        }
    }

    private static void logAll(Logger logger, List<Row> rows, Clock clock) {
        for (Row row : rows) {
            log(logger, row);
            clock.rows++;
        }
    }

    private static void log(Logger logger, Row row) {
        logger.log(row.metrics(), row.step());
    }

    @Provide
    Arbitrary<Integer> kept() {
        return Arbitraries.of(1, 2, 5);
    }

    @Provide
    Arbitrary<List<Attempt>> attempts() {
        return Combinators.combine(rows(), rows(), Arbitraries.of(Death.class))
                .as(Attempt::new)
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<Row>> rows() {
        var names = Arbitraries.of("loss", "val/loss", "epoch", "a,b", "\"", ",", "größe");
        var values =
                Arbitraries.of(0.0, -0.0, 0.1, 3.0, Double.NaN, Double.NEGATIVE_INFINITY, 1e300);
        return Combinators.combine(
                        Arbitraries.maps(names, values).ofMaxSize(3), Arbitraries.longs())
                .as((metrics, step) -> new Row(new LinkedHashMap<>(metrics), step))
                .list()
                .ofMaxSize(5);
    }
}
