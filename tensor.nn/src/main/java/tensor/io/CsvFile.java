package tensor.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/// A table of numbers from a text file: one line a row, values separated by commas.
///
/// A file whose name ends in `.gz` is unpacked as it is read. Text is UTF-8, with or without a byte order mark; empty lines are passed over; values may
/// stand in double quotes. Every value is a finite decimal number and every row has as many as the first, at most 16,384: the first
/// fault ends the reading with a [CsvException] that names file, line and column.
///
/// ```java
/// CsvFile digits = CsvFile.read(Path.of("digits.csv.gz"));
/// float[] pixels = digits.floats(0, 64);      // columns 0 to 63, row after row
/// long[] labels = digits.integers(64);
/// ```
///
/// Immutable. Rows and columns are counted from 0 here, and from 1 in messages, as editors do.
public final class CsvFile {
    private final String name;
    private final int columns;
    private final double[] values;
    private final long[] lines;

    CsvFile(String name, int columns, double[] values, long[] lines) {
        this.name = name;
        this.columns = columns;
        this.values = values;
        this.lines = lines;
    }

    /// How a file is written down.
    public static final class Config {
        char separator = ',';
        int skippedLines = 0;

        private Config() {}

        /// Sets the character between two values; a comma unless said otherwise.
        ///
        /// @param character one that stands in no number
        /// @return this
        public Config separator(char character) {
            separator = character;
            return this;
        }

        /// Sets how many lines at the start are not read, such as a heading; none unless said otherwise.
        ///
        /// @param count from 0
        /// @return this
        /// @throws IllegalArgumentException if `count` is negative
        public Config skipLines(int count) {
            if (count < 0) {
                throw new IllegalArgumentException(
                        "CsvFile: skipLines is " + count + "; use a number from 0");
            }
            skippedLines = count;
            return this;
        }
    }

    /// {@return the table in `file`}
    ///
    /// @param file where it is
    /// @throws CsvException if the file holds something else than a table of numbers
    /// @throws IOException if the file cannot be read
    public static CsvFile read(Path file) throws IOException {
        return read(file, config -> {});
    }

    /// {@return the table in `file`, written down as `config` says}
    ///
    /// @param file where it is
    /// @param config sets separator and lines to skip
    /// @throws CsvException if the file holds something else than a table of numbers
    /// @throws IOException if the file cannot be read
    public static CsvFile read(Path file, Consumer<Config> config) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString(), config);
        }
    }

    /// {@return the table in `in`} The stream is not closed.
    ///
    /// @param in its bytes
    /// @param name what messages call it; unpacked if this ends in `.gz`
    /// @throws CsvException if it holds something else than a table of numbers
    /// @throws IOException if it cannot be read
    public static CsvFile read(InputStream in, String name) throws IOException {
        return read(in, name, config -> {});
    }

    /// {@return the table in `in`, written down as `config` says} The stream is not closed.
    ///
    /// @param in its bytes
    /// @param config sets separator and lines to skip
    /// @param name what messages call it; unpacked if this ends in `.gz`
    /// @throws CsvException if it holds something else than a table of numbers
    /// @throws IOException if it cannot be read
    public static CsvFile read(InputStream in, String name, Consumer<Config> config)
            throws IOException {
        Config chosen = new Config();
        config.accept(chosen);
        return new CsvTableReader(name, chosen).read(in);
    }

    /// {@return the number of rows, at least 1}
    public int rows() {
        return lines.length;
    }

    /// {@return the number of columns, at least 1}
    public int columns() {
        return columns;
    }

    /// {@return one value}
    ///
    /// @param row from 0
    /// @param column from 0
    /// @throws IndexOutOfBoundsException if there is no such row or column
    public double value(int row, int column) {
        Objects.checkIndex(row, rows());
        Objects.checkIndex(column, columns);
        return values[row * columns + column];
    }

    /// {@return the line of the file in which a row begins, counted from 1}
    ///
    /// @param row from 0
    /// @throws IndexOutOfBoundsException if there is no such row
    public long line(int row) {
        return lines[Objects.checkIndex(row, rows())];
    }

    /// {@return the columns from `from` to before `to`, row after row, rounded to float32}
    ///
    /// @param from the first column
    /// @param to after the last column
    /// @throws IndexOutOfBoundsException if there are no such columns
    public float[] floats(int from, int to) {
        Objects.checkFromToIndex(from, to, columns);
        int width = to - from;
        float[] chosen = new float[rows() * width];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = (float) values[i / width * columns + from + i % width];
        }
        return chosen;
    }

    /// {@return the columns from `from` to before `to`, row after row}
    ///
    /// @param from the first column
    /// @param to after the last column
    /// @throws IndexOutOfBoundsException if there are no such columns
    public double[] doubles(int from, int to) {
        Objects.checkFromToIndex(from, to, columns);
        int width = to - from;
        double[] chosen = new double[rows() * width];
        for (int row = 0; row < rows(); row++) {
            System.arraycopy(values, row * columns + from, chosen, row * width, width);
        }
        return chosen;
    }

    /// {@return one column of whole numbers, such as class labels}
    ///
    /// @param column from 0
    /// @throws CsvException if a value is not whole, or beyond ±2⁵³, where not every whole number can be told apart
    /// @throws IndexOutOfBoundsException if there is no such column
    public long[] integers(int column) throws CsvException {
        Objects.checkIndex(column, columns);
        long[] chosen = new long[rows()];
        for (int row = 0; row < chosen.length; row++) {
            double value = values[row * columns + column];
            if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
                throw new CsvException(
                        name, lines[row], column + 1, value + " is not a whole number");
            }
            chosen[row] = (long) value;
        }
        return chosen;
    }

    @Override
    public String toString() {
        return name + " [" + rows() + ", " + columns + "]";
    }
}
