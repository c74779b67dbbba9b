package tensor.io;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// One pass over a CSV text; collects the numbers and stops at the first fault.
final class CsvTableReader {
    private final String name;
    private final CsvFile.Config config;

    private int columns;
    private double[] values = new double[1024];
    private int valueCount;
    private long[] lines = new long[256];
    private int rowCount;

    CsvTableReader(String name, CsvFile.Config config) {
        this.name = name;
        this.config = config;
    }

    CsvFile read(InputStream in) throws IOException {
        try {
            InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in;
            var text =
                    new CsvText(
                            new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder()),
                            config.skippedLines);
            readRows(
                    CsvReader.builder()
                            .fieldSeparator(config.separator)
                            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                            .ofCsvRecord(text));
            if (text.quoteOpen()) {
                throw new CsvException(
                        name,
                        nextLine() - 1,
                        columns,
                        "a double quote is opened and not closed; is the file complete?");
            }
        } catch (UncheckedIOException e) {
            throw located(Objects.requireNonNull(e.getCause()));
        } catch (ZipException | EOFException e) {
            throw located(e);
        } catch (CsvParseException e) {
            throw fault(nextLine(), 1, "the line cannot be read: " + e.getMessage(), e);
        }
        if (rowCount == 0) {
            throw new CsvException(name, 1, 1, "the file has no rows");
        }
        return new CsvFile(
                name, columns, Arrays.copyOf(values, valueCount), Arrays.copyOf(lines, rowCount));
    }

    @SuppressWarnings("resource") // the caller's stream stays open
    private void readRows(CsvReader<CsvRecord> reader) throws CsvException {
        reader.skipLines(config.skippedLines);
        for (Iterator<CsvRecord> rows = reader.iterator(); rows.hasNext(); ) {
            add(rows.next());
        }
    }

    private void add(CsvRecord row) throws CsvException {
        long line = row.getStartingLineNumber();
        int width = row.getFieldCount();
        if (rowCount == 0) {
            columns = width;
        } else if (width != columns) {
            throw new CsvException(
                    name,
                    line,
                    Math.min(width, columns) + 1,
                    "the row has %d values, the first row has %d".formatted(width, columns));
        }
        makeRoom();
        for (int i = 0; i < width; i++) {
            values[valueCount + i] = number(row.getField(i), line, i + 1);
        }
        valueCount += width;
        lines[rowCount++] = line;
    }

    private void makeRoom() {
        if (valueCount + columns > values.length) {
            values = Arrays.copyOf(values, Math.max(2 * values.length, valueCount + columns));
        }
        if (rowCount == lines.length) {
            lines = Arrays.copyOf(lines, 2 * lines.length);
        }
    }

    /// Java's own parser also takes `1f`, `0x1p3` and `NaN`, which are not numbers of a table.
    private double number(String text, long line, int column) throws CsvException {
        String digits = text.strip();
        boolean plain = !digits.isEmpty();
        for (int i = 0; i < digits.length(); i++) {
            plain &= "0123456789+-.eE".indexOf(digits.charAt(i)) >= 0;
        }
        try {
            double value = plain ? Double.parseDouble(digits) : Double.NaN;
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw fault(line, column, notANumber(text), e);
        }
        throw new CsvException(name, line, column, notANumber(text));
    }

    private static String notANumber(String text) {
        if (text.isBlank()) {
            return "the value is empty; a number is needed";
        }
        String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
        return "'%s' is not a finite number".formatted(shown);
    }

    private IOException located(IOException e) {
        return switch (e) {
            case CharacterCodingException _ ->
                    fault(nextLine(), 1, "the text from about here on is not UTF-8", e);
            case ZipException _ ->
                    fault(nextLine(), 1, "the file cannot be unpacked: " + e.getMessage(), e);
            case EOFException _ -> fault(nextLine(), 1, "the packed file ends too early", e);
            default -> e;
        };
    }

    private long nextLine() {
        return rowCount == 0 ? config.skippedLines + 1L : lines[rowCount - 1] + 1;
    }

    private CsvException fault(long line, int column, String what, Throwable cause) {
        return new CsvException(name, line, column, what, cause);
    }
}
