package tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFileTest {
    private static CsvFile read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8), "data.csv");
    }

    private static CsvFile read(byte[] bytes, String name) throws IOException {
        return CsvFile.read(new ByteArrayInputStream(bytes), name);
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void rowsAndColumnsAreNumbers() throws IOException {
        CsvFile table = read("1,2.5,-3\r\n4e1, 5 ,\"6\"\n\n");

        assertEquals(2, table.rows());
        assertEquals(3, table.columns());
        assertEquals(-3, table.value(0, 2));
        assertArrayEquals(new float[] {2.5f, -3, 5, 6}, table.floats(1, 3));
        assertArrayEquals(new double[] {1, 2.5, 40, 5}, table.doubles(0, 2));
        assertArrayEquals(new long[] {-3, 6}, table.integers(2));
        assertEquals("data.csv [2, 3]", table.toString());
    }

    @Test
    void manyRowsAreRead() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.append(i).append(',').append(-i).append('\n');
        }

        CsvFile table = read(text.toString());

        assertEquals(3000, table.rows());
        assertEquals(2999, table.value(2999, 0));
    }

    @Test
    void aHeadingCanBeSkippedAndTheSeparatorChosen() throws IOException {
        byte[] bytes = "a;b\n1;2\n".getBytes(StandardCharsets.UTF_8);

        CsvFile table =
                CsvFile.read(
                        new ByteArrayInputStream(bytes),
                        "x",
                        config -> config.skipLines(1).separator(';'));

        assertArrayEquals(new double[] {1, 2}, table.doubles(0, 2));
    }

    @Test
    void aFileIsUnpackedByItsName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("data.csv.gz");
        Files.write(file, packed("1,2\n3,4\n"));

        assertArrayEquals(new long[] {2, 4}, CsvFile.read(file).integers(1));
    }

    @Test
    void theFirstFaultIsNamedWithLineAndColumn() {
        assertFault("data.csv, line 2, column 3: 'x7' is not a finite number", "1,2,3\n4,5,x7\n");
        assertFault("data.csv, line 1, column 1: 'NaN' is not a finite number", "NaN\n");
        assertFault("data.csv, line 1, column 2: '0x1p3' is not a finite number", "1,0x1p3\n");
        assertFault("data.csv, line 1, column 1: '1e999' is not a finite number", "1e999\n");
        assertFault("data.csv, line 1, column 1: '1-2' is not a finite number", "1-2\n");
        assertFault(
                "data.csv, line 1, column 1: '" + "y".repeat(40) + "…' is not a finite number",
                "y".repeat(50));
        assertFault(
                "data.csv, line 3, column 2: the value is empty; a number is needed",
                "1,2\n\n3,\n");
        assertFault(
                "data.csv, line 2, column 2: the row has 1 values, the first row has 2",
                "1,2\n3\n");
        assertFault(
                "data.csv, line 2, column 3: the row has 3 values, the first row has 2",
                "1,2\n3,4,5\n");
        assertFault("data.csv, line 1, column 1: the file has no rows", "");
        assertFault("data.csv, line 1, column 1: the file has no rows", "\n\n");
    }

    @Test
    void aFaultKnowsItsPlace() {
        var fault = assertThrows(CsvException.class, () -> read("1,2\n3,q\n"));

        assertEquals("data.csv", fault.file());
        assertEquals(2, fault.line());
        assertEquals(2, fault.column());
    }

    @Test
    void linesOfAFieldWithLineBreaksAreCounted() {
        assertFault("data.csv, line 4, column 1: 'x' is not a finite number", "1\n\"2\n\"\nx\n");
    }

    @Test
    void aLabelThatIsNotWholeIsAFaultWithItsPlace() throws IOException {
        CsvFile table = read("1,2\n\n3,2.5\n");

        assertEquals(
                "data.csv, line 3, column 2: 2.5 is not a whole number",
                assertThrows(CsvException.class, () -> table.integers(1)).getMessage());
        assertThrows(CsvException.class, () -> read("1e16\n").integers(0));
    }

    @Test
    void anUnclosedQuoteIsAFault() {
        assertThrows(CsvException.class, () -> read("1\n\"2\n3\n"));
    }

    @Test
    void tooFewLinesToSkipAreAFault() {
        assertThrows(
                CsvException.class,
                () ->
                        CsvFile.read(
                                new ByteArrayInputStream(new byte[0]),
                                "x",
                                config -> config.skipLines(3)));
        assertEquals(
                "CsvFile: skipLines is -1; use a number from 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        CsvFile.read(
                                                new ByteArrayInputStream(new byte[0]),
                                                "x",
                                                config -> config.skipLines(-1)))
                        .getMessage());
    }

    @Test
    void textThatIsNotUtf8IsAFault() {
        assertEquals(
                "data.csv, line 2, column 1: the text from about here on is not UTF-8",
                assertThrows(
                                CsvException.class,
                                () -> read(new byte[] {'1', '\n', (byte) 0xC3}, "data.csv"))
                        .getMessage());
    }

    @Test
    void aQuoteThatIsNotClosedIsAFault() throws IOException {
        assertFault(
                "data.csv, line 1, column 1: a double quote is opened and not closed; is the file complete?",
                "\"1");
        assertFault(
                "data.csv, line 2, column 2: a double quote is opened and not closed; is the file complete?",
                "1,2\n3,\"4\n");
        byte[] heading = "a 5\" disk\r\n\"1\",\"2\"\r\n".getBytes(StandardCharsets.UTF_8);

        CsvFile table =
                CsvFile.read(
                        new ByteArrayInputStream(heading), "a.csv", config -> config.skipLines(1));

        assertArrayEquals(new double[] {1, 2}, table.doubles(0, 2));
        assertEquals(2, table.line(0));
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws IOException {
        assertArrayEquals(new double[] {1, 2}, read("\uFEFF1,2\n").doubles(0, 2));
        assertArrayEquals(new double[] {1, 2}, read("\uFEFF\"1\",2\n").doubles(0, 2));
    }

    @Test
    void asManyColumnsAreReadAsTheDocumentationSays() throws IOException {
        assertEquals(16_384, read("1" + ",1".repeat(16_383)).columns());
        assertThrows(CsvException.class, () -> read("1" + ",1".repeat(16_384)));
    }

    @Test
    void damagedPackedFilesAreFaults() throws IOException {
        byte[] whole = packed("1,2\n".repeat(1000));

        assertEquals(
                "a.gz, line 1, column 1: the file cannot be unpacked: Not in GZIP format",
                assertThrows(
                                CsvException.class,
                                () -> read("1,2\n".getBytes(StandardCharsets.UTF_8), "a.gz"))
                        .getMessage());
        assertEquals(
                "a.gz, line 1, column 1: the packed file ends too early",
                assertThrows(CsvException.class, () -> read(new byte[0], "a.gz")).getMessage());
        assertThrows(
                CsvException.class, () -> read(Arrays.copyOf(whole, whole.length / 2), "a.gz"));
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("none.csv");

        assertEquals(
                file.toString(),
                assertThrows(NoSuchFileException.class, () -> CsvFile.read(file)).getFile());
    }

    private static void assertFault(String expected, String text) {
        assertEquals(expected, assertThrows(CsvException.class, () -> read(text)).getMessage());
    }
}
