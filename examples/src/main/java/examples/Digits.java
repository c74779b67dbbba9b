package examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import loops.api.LoopState.Fields;
import tensor.api.Tensor;
import tensor.data.TensorDataset;
import tensor.io.CsvFile;
import tensor.layout.Shape;

/// Handwritten digits of 8 x 8 pixels, as UCI gives them: 64 columns of 0 to 16, then the digit. Pixels are divided by 16.
///
/// @param pixels 64 of each digit, one digit after the other
/// @param labels what each digit is
@SuppressWarnings("ArrayRecordComponent") // it is never compared
record Digits(float[] pixels, long[] labels) {
    static final int PIXELS = 64;
    static final int CLASSES = 10;

    private static final int DARKEST = 16;
    private static final String RESOURCE = "digits.csv.gz";

    /// {@return the digits that come with the examples}
    static Digits included() {
        try (var in = Digits.class.getResourceAsStream(RESOURCE)) {
            return of(CsvFile.read(Objects.requireNonNull(in, RESOURCE), RESOURCE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return the digits of a file}
    static Digits read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("%s: is a folder; name a file of digits".formatted(file));
        }
        return of(checked(file, CsvFile.read(file)));
    }

    private static Digits of(CsvFile table) throws IOException {
        float[] pixels = table.floats(0, PIXELS);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] /= DARKEST;
        }
        return new Digits(pixels, table.integers(PIXELS));
    }

    private static CsvFile checked(Path file, CsvFile table) throws IOException {
        if (table.columns() != PIXELS + 1) {
            throw fault(
                    file,
                    table,
                    0,
                    Math.min(table.columns(), PIXELS + 1) + 1,
                    "the row has %d values; a digit is %d pixels and its class"
                            .formatted(table.columns(), PIXELS));
        }
        long[] labels = table.integers(PIXELS);
        for (int row = 0; row < labels.length; row++) {
            for (int column = 0; column < PIXELS; column++) {
                double pixel = table.value(row, column);
                if (!(pixel >= 0 && pixel <= DARKEST)) {
                    throw fault(
                            file,
                            table,
                            row,
                            column + 1,
                            "the pixel is %s; use 0 to %d".formatted(pixel, DARKEST));
                }
            }
            if (labels[row] < 0 || labels[row] >= CLASSES) {
                throw fault(
                        file,
                        table,
                        row,
                        PIXELS + 1,
                        "the class is %d; use 0 to %d".formatted(labels[row], CLASSES - 1));
            }
        }
        return table;
    }

    private static IOException fault(Path file, CsvFile table, int row, int column, String fault) {
        return new IOException(
                "%s, line %d, column %d: %s".formatted(file, table.line(row), column, fault));
    }

    /// {@return some of the digits, to learn from}
    ///
    /// @param rows which, from 0
    TensorDataset rows(int... rows) {
        float[] inputs = new float[rows.length * PIXELS];
        long[] targets = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(pixels, rows[i] * PIXELS, inputs, i * PIXELS, PIXELS);
            targets[i] = labels[rows[i]];
        }
        return TensorDataset.of(
                Tensor.of(inputs, Shape.of(rows.length, PIXELS)), Tensor.of(targets));
    }

    /// {@return what tells these digits from others}
    Fields stateDict() {
        return Fields.empty()
                .with("rows", labels.length)
                .with("content", Arrays.hashCode(pixels) * 31L + Arrays.hashCode(labels));
    }
}
