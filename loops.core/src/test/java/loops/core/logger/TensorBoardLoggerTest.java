package loops.core.logger;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static loops.core.logger.Rows.names;
import static loops.core.logger.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.core.logger.EventFile.Event;
import loops.core.logger.Logger.Ending;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardLoggerTest {
    @TempDir private Path root;
    private Path file = Path.of("");
    private Instant now = Instant.ofEpochSecond(1);

    @BeforeEach
    void nameTheFile() {
        file = root.resolve("loops/version_0/events.out.tfevents.1.loops.0");
    }

    private TensorBoardLogger logger() {
        return TensorBoardLogger.of(root, config -> {}, () -> now);
    }

    /// The first record is that of every event file that TensorFlow writes, but for the time; the checksums were
    /// computed bit by bit from the polynomial.
    @Test
    void theBytesOfATinyFileAreAsWorkedOutByHand() throws IOException {
        var logger = TensorBoardLogger.of(root, config -> config.flushEvery(2), () -> now);
        logger.stateDict();
        now = Instant.ofEpochSecond(2);
        logger.log(row("a", 0.5), 3);
        logger.flush();

        String expected =
                """
                18 00 00 00 00 00 00 00            24 bytes
                a3 7f 4b 22                        checksum
                09 00 00 00 00 00 00 f0 3f         wall_time 1.0
                1a 0d                              file_version, 13 bytes
                62 72 61 69 6e 2e 45 76 65 6e 74   brain.Event
                3a 32                              :2
                86 bf 57 7a                        checksum
                17 00 00 00 00 00 00 00            23 bytes
                e7 ce f8 1e                        checksum
                09 00 00 00 00 00 00 00 40         wall_time 2.0
                10 03                              step 3
                2a 0a                              summary, 10 bytes
                0a 08                              value, 8 bytes
                0a 01 61                           tag, 1 byte, a
                15 00 00 00 3f                     simple_value 0.5
                95 9a a0 ce                        checksum
                """
                        .replaceAll("   .*", "")
                        .replace('\n', ' ')
                        .strip();
        assertEquals(expected, HexFormat.ofDelimiter(" ").formatHex(Files.readAllBytes(file)));
    }

    @Test
    void theReaderOfTheseTestsKnowsTheChecksumOfTheStandard() {
        assertEquals(0xe3069283, EventFile.crc32c("123456789".getBytes(US_ASCII), 0, 9));
    }

    @Test
    void whatIsLoggedReadsBack() throws IOException {
        var logger = logger();
        logger.log(row("epoch", 0, "loss", 1.0 / 3), 49);
        now = Instant.ofEpochSecond(1_767_225_600, 500_000_000);
        logger.log(row("größe", Double.NaN, "val/loss", Double.NEGATIVE_INFINITY), -1);
        logger.log(row("loss", -0.0), Long.MAX_VALUE);

        assertEquals(
                List.of(
                        new Event(1, 0, "brain.Event:2", Map.of(), Map.of()),
                        new Event(1, 49, "", Map.of("epoch", 0f, "loss", 1f / 3), Map.of()),
                        new Event(
                                1_767_225_600.5,
                                -1,
                                "",
                                Map.of("größe", Float.NaN, "val/loss", Float.NEGATIVE_INFINITY),
                                Map.of()),
                        new Event(
                                1_767_225_600.5,
                                Long.MAX_VALUE,
                                "",
                                Map.of("loss", -0.0f),
                                Map.of())),
                events());
    }

    @Test
    void hyperparametersAreATableAmongTheTexts() throws IOException {
        var logger = logger();
        logger.hyperparameters(
                Fields.empty()
                        .with("rate", 0.5)
                        .with("net", Fields.empty().with("name", "a|b\nc").with("size", 64)));
        logger.log(row("loss", 1), 1);
        logger.hyperparameters(Fields.empty().with("rate", 0.25));
        logger.hyperparameters(Fields.empty().with("rate", 0.25));
        logger.flush();

        assertEquals(
                List.of(
                        new Event(1, 0, "brain.Event:2", Map.of(), Map.of()),
                        text(
                                """
                                | name | value |
                                | --- | --- |
                                | rate | 0.5 |
                                | net.name | a\\|b c |
                                | net.size | 64 |
                                """),
                        new Event(1, 1, "", Map.of("loss", 1f), Map.of()),
                        text(
                                """
                                | name | value |
                                | --- | --- |
                                | rate | 0.25 |
                                """)),
                events());
    }

    private static Event text(String text) {
        return new Event(1, 0, "", Map.of(), Map.of("hyperparameters", text));
    }

    @Test
    void nothingIsMadeBeforeTheFirstRow() throws IOException {
        var logger = logger();

        logger.hyperparameters(Fields.empty().with("rate", 0.5));
        logger.log(row(), 1);
        logger.flush();
        logger.finish(Ending.SUCCESS);

        assertEquals(List.of(), names(root));
        assertEquals(Optional.empty(), logger.folder());
    }

    @Test
    void finishWritesAllRowsAndARowAfterItStandsBehindThem() throws IOException {
        var logger = TensorBoardLogger.of(root, config -> config.flushEvery(100), () -> now);
        logger.log(row("loss", 1), 1);
        assertEquals(0, Files.size(file));

        logger.finish(Ending.FAILED);
        logger.finish(Ending.SUCCESS);
        assertEquals(2, events().size());

        logger.log(row("loss", 2), 2);
        logger.finish(Ending.SUCCESS);
        assertEquals(3, events().size());
    }

    @Test
    void twoLoggersOfOneVersionHaveFilesOfTheirOwn() throws IOException {
        for (int i = 0; i < 2; i++) {
            TensorBoardLogger.of(root, config -> config.version(3).prefix("p"), () -> now)
                    .log(row("loss", 1), 1);
        }

        assertEquals(
                List.of("events.out.tfevents.1.loops.0", "events.out.tfevents.1.loops.1"),
                names(root.resolve("loops/version_3")));
        file = root.resolve("loops/version_3/events.out.tfevents.1.loops.1");
        assertEquals(Map.of("p/loss", 1f), events().get(1).scalars());
    }

    @Test
    void theClockOfTheSystemTellsTheTimeIfNoOtherIsGiven() throws IOException {
        long before = InstantSource.system().instant().getEpochSecond();
        var logger = TensorBoardLogger.of(root);
        logger.log(row("loss", 1), 1);
        long after = InstantSource.system().instant().getEpochSecond() + 1;

        file = logger.folder().orElseThrow();
        file = file.resolve(names(file).getFirst());
        double time = events().getFirst().wallTime();
        assertEquals(true, before <= time && time <= after, "at " + time);
        assertEquals("TensorBoardLogger loops", logger.stateKey());
    }

    @Test
    void loadingChangesNoFileAndTheNextRowCutsOffWhatIsBehindTheState() throws IOException {
        var logger = logger();
        logger.log(row("loss", 1), 1);
        var state = logger.stateDict();
        logger.log(row("loss", 2), 2);
        var before = Rows.files(root);

        now = Instant.ofEpochSecond(7);
        var resumed = logger();
        resumed.loadStateDict(state);
        assertEquals(before, Rows.files(root));

        resumed.log(row("loss", 3), 3);
        assertEquals(List.of(0L, 1L, 3L), events().stream().map(Event::step).toList());
        assertEquals(1, names(root.resolve("loops/version_0")).size());
    }

    @Test
    void aFileThatIsTooShortIsRefusedAndNothingIsLost() throws IOException {
        var logger = logger();
        var state = logger.stateDict();
        Files.write(file, new byte[39]);

        var refused =
                assertThrows(IllegalStateException.class, () -> logger().loadStateDict(state));

        assertEquals(
                "TensorBoardLogger: %s has 39 of the 40 bytes that the state counts; put the file back, or give the logger the root and name of the run that is resumed"
                        .formatted(file),
                refused.getMessage());
        assertEquals(39, Files.size(file));
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        var occupied = Files.createFile(root.resolve("file"));

        var refused =
                assertThrows(
                        UncheckedIOException.class,
                        () -> TensorBoardLogger.of(occupied).log(row("loss", 1), 1));

        assertEquals(
                "TensorBoardLogger: cannot read or write in %s: %s; make place there or choose another root"
                        .formatted(occupied.resolve("loops"), refused.getCause()),
                refused.getMessage());
    }

    @Test
    void aStateWithOtherKeysIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> logger().loadStateDict(Fields.empty()));

        assertEquals(
                "TensorBoardLogger: the state has the keys [],"
                        + " needs [version, length, checksum, file, hyperparameters];"
                        + " load a state that this class gave",
                refused.getMessage());
    }

    private List<Event> events() throws IOException {
        return EventFile.read(Files.readAllBytes(file));
    }
}
