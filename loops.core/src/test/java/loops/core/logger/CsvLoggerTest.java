package loops.core.logger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static loops.core.logger.Rows.names;
import static loops.core.logger.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import loops.core.logger.Logger.Ending;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvLoggerTest {
    @TempDir private Path root;
    private Path folder = Path.of("");
    private Path table = Path.of("");

    @BeforeEach
    void nameTheFiles() {
        folder = root.resolve("loops").resolve("version_0");
        table = folder.resolve("metrics.csv");
    }

    @Test
    void aRowIsALineWithItsStep() throws IOException {
        var logger = CsvLogger.of(root);

        logger.log(row("epoch", 0, "loss", 1.25), 49);
        logger.log(row("epoch", 0, "loss", 0.1), 99);

        assertTable("step,epoch,loss", "49,0,1.25", "99,0,0.1");
    }

    @Test
    void nothingIsMadeBeforeTheFirstRow() throws IOException {
        var logger = CsvLogger.of(root);

        logger.hyperparameters(Fields.empty().with("rate", 0.5));
        logger.log(row(), 1);
        logger.flush();
        logger.finish(Ending.SUCCESS);

        assertEquals(List.of(), names(root));
        assertEquals(Optional.empty(), logger.folder());
        logger.log(row("loss", 1), 1);
        assertEquals(Optional.of(folder), logger.folder());
    }

    @Test
    void aNewColumnComesAtTheEndAndEarlierRowsAreEmptyThere() throws IOException {
        var logger = CsvLogger.of(root);

        logger.log(row("loss", 1), 1);
        logger.log(row("loss", 2, "val/loss", 3, "epoch", 0), 2);
        logger.log(row("val/loss", 4), 3);

        assertTable("step,loss,epoch,val/loss", "1,1.0,,", "2,2.0,0,3.0", "3,,,4.0");
    }

    @Test
    void theEpochStandsBeforeTheOtherMetricsOfItsRowAndIsWholeIfItCanBe() throws IOException {
        var logger = CsvLogger.of(root);

        logger.log(row("loss", 1, "epoch", 3), 1);
        logger.log(row("epoch", 3.5), 2);
        logger.log(row("epoch", Double.NaN), 3);

        assertTable("step,epoch,loss", "1,3,1.0", "2,3.5,", "3,NaN,");
    }

    @Test
    void numbersReadBackToTheSameBits() throws IOException {
        var values =
                List.of(-0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NEGATIVE_INFINITY, 0.1f);
        var logger = CsvLogger.of(root);

        for (Number value : values) {
            logger.log(row("x", value), -1);
        }

        var lines = Files.readAllLines(table);
        for (int i = 0; i < values.size(); i++) {
            assertEquals("-1," + values.get(i).doubleValue(), lines.get(i + 1));
        }
    }

    @Test
    void namesAreQuotedWhereTheyNeedIt() throws IOException {
        var logger = CsvLogger.of(root);

        logger.log(row("a,b", 1, "say \"x\"", 2, "", 3, "größe", 4), 1);

        assertTable("step,\"a,b\",\"say \"\"x\"\"\",\"\",größe", "1,1.0,2.0,3.0,4.0");
    }

    @Test
    void aRowWithoutNewColumnsIsAppendedToTheFileThatIsThere() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);
        var key = fileKey();

        logger.log(row("loss", 2), 2);
        logger.log(row("loss", 3), 3);

        assertEquals(key, fileKey());
        assertTable("step,loss", "1,1.0", "2,2.0", "3,3.0");
    }

    @Test
    void rowsAreKeptBackAsLongAsChosen() throws IOException {
        var logger = CsvLogger.of(root, config -> config.flushEvery(3));

        logger.log(row("loss", 1), 1);
        logger.log(row("loss", 2), 2);
        assertEquals("", Files.readString(table));

        logger.log(row("loss", 3), 3);
        assertTable("step,loss", "1,1.0", "2,2.0", "3,3.0");

        logger.log(row("loss", 4), 4);
        assertTable("step,loss", "1,1.0", "2,2.0", "3,3.0");

        logger.log(row("other", 5), 5);
        assertTable("step,loss,other", "1,1.0,", "2,2.0,", "3,3.0,", "4,4.0,");

        logger.flush();
        assertTable("step,loss,other", "1,1.0,", "2,2.0,", "3,3.0,", "4,4.0,", "5,,5.0");
    }

    @Test
    void finishWritesAllRowsAndARowAfterItStandsBehindThem() throws IOException {
        var logger = CsvLogger.of(root, config -> config.flushEvery(100));
        logger.log(row("loss", 1), 1);

        logger.finish(Ending.FAILED);
        logger.finish(Ending.SUCCESS);
        assertTable("step,loss", "1,1.0");

        logger.log(row("loss", 2), 2);
        logger.finish(Ending.SUCCESS);
        assertTable("step,loss", "1,1.0", "2,2.0");
    }

    @Test
    void anInterruptedThreadWritesItsRows() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);

        Thread.currentThread().interrupt();
        logger.log(row("loss", 2), 2);
        logger.finish(Ending.FAILED);

        assertTrue(Thread.interrupted());
        assertTable("step,loss", "1,1.0", "2,2.0");
    }

    @Test
    void everyRunHasAVersionOfItsOwn() throws IOException {
        Files.createDirectories(root.resolve("loops/version_7"));
        Files.createDirectories(root.resolve("loops/version_x"));
        Files.createDirectories(root.resolve("loops/others"));
        var one = CsvLogger.of(root);
        var two = CsvLogger.of(root);

        two.log(row("loss", 2), 2);
        one.log(row("loss", 1), 1);

        assertEquals(Optional.of(root.resolve("loops/version_8")), two.folder());
        assertEquals(Optional.of(root.resolve("loops/version_9")), one.folder());
    }

    @Test
    void nameVersionAndPrefixCanBeChosen() throws IOException {
        var logger = CsvLogger.of(root, config -> config.name("a/b").version(12).prefix("fold_1"));
        folder = root.resolve("a/b/version_12");
        assertEquals(Optional.of(folder), logger.folder());
        assertFalse(Files.exists(folder));

        logger.log(row("epoch", 1, "loss", 0.5), 1);

        table = folder.resolve("metrics.csv");
        assertTable("step,epoch,fold_1/loss", "1,1,0.5");
        assertEquals("a/b", logger.name());
        assertEquals("CsvLogger a/b", logger.stateKey());
    }

    @Test
    void anEmptyNameIsTheRootItself() {
        var logger = CsvLogger.of(root, config -> config.name(""));

        logger.log(row("loss", 1), 1);

        assertEquals(Optional.of(root.resolve("version_0")), logger.folder());
    }

    @Test
    void hyperparametersStandBesideTheTable() throws IOException {
        var logger = CsvLogger.of(root);
        logger.hyperparameters(
                Fields.empty()
                        .with("rate", 0.001)
                        .with("batch_size", 32)
                        .with("limit", Double.POSITIVE_INFINITY)
                        .with("schedule", Fields.empty().with("name", "co\"s").with("warm", true))
                        .with("sizes", new Items(List.of(new Num(64), new Num(10))))
                        .with(
                                "weights",
                                new Data(
                                        "FLOAT32",
                                        List.of(1L),
                                        MemorySegment.ofArray(new float[] {1}))));

        logger.log(row("loss", 1), 1);

        assertEquals(
                """
                {
                  "rate" : 0.001,
                  "batch_size" : 32,
                  "limit" : "Infinity",
                  "schedule" : {
                    "name" : "co\\"s",
                    "warm" : true
                  },
                  "sizes" : [ 64, 10 ],
                  "weights" : "FLOAT32[1]"
                }
                """,
                Files.readString(folder.resolve("hparams.json")));
    }

    @Test
    void theLastHyperparametersCount() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);
        assertEquals(List.of("metrics.csv"), names(folder));

        logger.hyperparameters(Fields.empty().with("a", 1));
        logger.hyperparameters(Fields.empty().with("a", 2));

        assertEquals(List.of("hparams.json", "metrics.csv"), names(folder));
        assertEquals("{\n  \"a\" : 2\n}\n", Files.readString(folder.resolve("hparams.json")));
    }

    @Test
    void aStateIsTakenWithAllRowsInTheFile() throws IOException {
        var logger = CsvLogger.of(root, config -> config.flushEvery(100));
        logger.log(row("loss", 1), 1);

        var state = logger.stateDict();

        assertTable("step,loss", "1,1.0");
        assertEquals(Files.size(table), state.num("length"));
        assertEquals(state, logger.stateDict());
    }

    @Test
    void aStateBeforeTheFirstRowHoldsThePlace() throws IOException {
        var state = CsvLogger.of(root).stateDict();
        CsvLogger.of(root).log(row("loss", 1), 1);

        var resumed = CsvLogger.of(root);
        resumed.loadStateDict(state);
        resumed.log(row("loss", 2), 2);

        assertTable("step,loss", "2,2.0");
        assertEquals(Optional.of(folder), resumed.folder());
    }

    @Test
    void aFolderInWhichNothingCountsMayBeMissing() throws IOException {
        var logger = CsvLogger.of(root);
        logger.hyperparameters(Fields.empty().with("a", 1));
        var state = logger.stateDict();
        Rows.delete(folder);

        var resumed = CsvLogger.of(root);
        resumed.loadStateDict(state);
        resumed.log(row("loss", 2), 2);

        assertTable("step,loss", "2,2.0");
        assertEquals(List.of("hparams.json", "metrics.csv"), names(folder));
    }

    @Test
    void loadingChangesNoFileAndTheNextRowCutsOffWhatIsBehindTheState() throws IOException {
        var logger = CsvLogger.of(root);
        logger.hyperparameters(Fields.empty().with("a", 1));
        logger.log(row("loss", 1), 1);
        var state = logger.stateDict();
        logger.hyperparameters(Fields.empty().with("a", 2));
        logger.log(row("loss", 2), 2);
        logger.log(row("loss", 3, "more", 3), 3);
        var before = Rows.files(root);

        var resumed = CsvLogger.of(root, config -> config.version(5));
        resumed.loadStateDict(state);
        assertEquals(before, Rows.files(root));

        resumed.log(row("loss", 4), 4);
        assertTable("step,loss", "1,1.0", "4,4.0");
        assertEquals("{\n  \"a\" : 1\n}\n", Files.readString(folder.resolve("hparams.json")));
        assertEquals(List.of("hparams.json", "metrics.csv"), names(folder));
    }

    @Test
    void finishAfterLoadingCutsOffWhatIsBehindTheState() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);
        var state = logger.stateDict();
        logger.log(row("loss", 2), 2);
        var key = fileKey();

        logger.loadStateDict(state);
        logger.finish(Ending.SUCCESS);

        assertTable("step,loss", "1,1.0");
        assertEquals(key, fileKey());
    }

    @Test
    void aTornLastLineVanishes() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);
        var state = logger.stateDict();
        Files.writeString(table, Files.readString(table) + "2,0.");

        var resumed = CsvLogger.of(root);
        resumed.loadStateDict(state);
        resumed.log(row("loss", 2), 2);

        assertTable("step,loss", "1,1.0", "2,2.0");
    }

    @Test
    void columnsWithCommasAndQuotesVanishToo() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("a,b", 1), 1);
        var state = logger.stateDict();
        logger.log(row("a,b", 2), 2);
        logger.log(row("c,\"d,", 3, "e", 3), 3);
        logger.log(row("f", 4), 4);

        var resumed = CsvLogger.of(root);
        resumed.loadStateDict(state);
        resumed.flush();

        assertTable("step,\"a,b\"", "1,1.0");
    }

    @Test
    void aMetricCalledStepIsRefused() {
        assertRefused(
                row("step", 1),
                "CsvLogger: a metric is called 'step' as is the column of the rows' steps; call it something else");
    }

    @Test
    void aNameOfTwoLinesIsRefused() {
        assertRefused(
                row("a\r\nb", 1),
                "CsvLogger: the name of a metric has a line break: 'a\\r\\nb'; use a name of one line");
    }

    private void assertRefused(SequencedMap<String, Double> row, String message) {
        var logger = CsvLogger.of(root);

        var refused = assertThrows(IllegalArgumentException.class, () -> logger.log(row, 1));

        assertEquals(message, refused.getMessage());
        assertEquals(Optional.empty(), logger.folder());
    }

    @Test
    void aVersionThatHasATableIsNotWrittenOver() throws IOException {
        CsvLogger.of(root).log(row("loss", 1), 1);

        var refused =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                CsvLogger.of(root, config -> config.version(0))
                                        .log(row("loss", 2), 2));

        assertEquals(
                "CsvLogger: %s is there already, with 16 bytes; choose another version, or load the state of the run that wrote it"
                        .formatted(table),
                refused.getMessage());
        assertTable("step,loss", "1,1.0");
    }

    @Test
    void twoLoggersOfOneFileAreNoticed() throws IOException {
        var one = CsvLogger.of(root);
        one.log(row("loss", 1), 1);
        var two = CsvLogger.of(root);
        two.loadStateDict(one.stateDict());
        two.log(row("loss", 2), 2);

        var refused = assertThrows(IllegalStateException.class, () -> one.log(row("loss", 3), 3));

        assertEquals(
                "CsvLogger: %s has 22 bytes, this logger wrote 16; let one logger at a time write into a file"
                        .formatted(table),
                refused.getMessage());
        assertTable("step,loss", "1,1.0", "2,2.0");
    }

    @Test
    void aFileThatIsMissingOrTooShortIsRefusedAndNothingIsLost() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);
        logger.log(row("loss", 2), 2);
        var state = logger.stateDict();
        var other = CsvLogger.of(root);
        other.log(row("loss", 7), 7);

        Files.writeString(table, "step,loss\n1,1.0\n");
        assertNotLoaded(
                other,
                state,
                "CsvLogger: %s has 16 of the 22 bytes that the state counts; put the file back, or give the logger the root and name of the run that is resumed");
        assertTable("step,loss", "1,1.0");

        Files.delete(table);
        assertNotLoaded(
                other,
                state,
                "CsvLogger: %s has 0 of the 22 bytes that the state counts; put the file back, or give the logger the root and name of the run that is resumed");

        other.log(row("loss", 8), 8);
        assertEquals(Optional.of(root.resolve("loops/version_1")), other.folder());
        table = root.resolve("loops/version_1/metrics.csv");
        assertTable("step,loss", "7,7.0", "8,8.0");
    }

    @Test
    void aWiderTableWithTooFewRowsIsRefused() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);
        logger.log(row("loss", 2), 2);
        var state = logger.stateDict();
        Files.writeString(table, "step,loss,more\n1,1.0,\n2,2.0,3.0\n");

        assertNotLoaded(
                CsvLogger.of(root),
                state,
                "CsvLogger: %s has 16 of the 22 bytes that the state counts; put the file back, or give the logger the root and name of the run that is resumed");
        assertTable("step,loss,more", "1,1.0,", "2,2.0,3.0");
    }

    @Test
    void anotherRunsFileIsNotCut() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);
        var state = logger.stateDict();
        Files.write(
                table,
                new byte[] {-1, -2, -3, 'l', 'o', 'n', 'g', 'e', 'r', 0, 1, 2, 3, 4, 5, 6, 7});

        assertNotLoaded(
                CsvLogger.of(root),
                state,
                "CsvLogger: the first 16 bytes of %s have the checksum 7d7a3b29, the state says f30bfee2: they were edited or are another run's; put the file back, or give the logger the root and name of the run that is resumed");
        assertEquals(17, Files.size(table));
    }

    private void assertNotLoaded(CsvLogger logger, Fields state, String message) {
        var refused = assertThrows(IllegalStateException.class, () -> logger.loadStateDict(state));
        assertEquals(message.formatted(table), refused.getMessage());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        var file = Files.createFile(root.resolve("file"));

        var refused =
                assertThrows(
                        UncheckedIOException.class,
                        () -> CsvLogger.of(file).log(row("loss", 1), 1));

        assertEquals(
                "CsvLogger: cannot read or write in %s: %s; make place there or choose another root"
                        .formatted(file.resolve("loops"), refused.getCause()),
                refused.getMessage());
        assertInstanceOf(IOException.class, refused.getCause());
    }

    @Test
    void aStateWithOtherKeysIsRefusedAndChangesNothing() throws IOException {
        var logger = CsvLogger.of(root);
        logger.log(row("loss", 1), 1);
        var entries = new LinkedHashMap<>(logger.stateDict().entries());
        entries.remove("columns");

        var missing =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> logger.loadStateDict(new Fields(entries)));
        entries.put("columns", new Items(List.of(new Num(3))));
        var wrong =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> logger.loadStateDict(new Fields(entries)));

        assertEquals(
                "CsvLogger: the state has the keys [version, length, checksum, hyperparameters],"
                        + " needs [version, length, checksum, columns, hyperparameters];"
                        + " load a state that this class gave",
                missing.getMessage());
        assertEquals("CsvLogger: a column is 3, needs to be a text", wrong.getMessage());
        logger.log(row("loss", 2), 2);
        assertTable("step,loss", "1,1.0", "2,2.0");
    }

    private Object fileKey() throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(table, BasicFileAttributes.class).fileKey());
    }

    private void assertTable(String... lines) throws IOException {
        assertEquals(String.join("\n", lines) + "\n", new String(Files.readAllBytes(table), UTF_8));
    }
}
