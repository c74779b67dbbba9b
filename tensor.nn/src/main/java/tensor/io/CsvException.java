package tensor.io;

import java.io.IOException;
import java.io.Serial;

/// Says at which line and column a file stops being a table of numbers, and why.
public final class CsvException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final String file;
    private final long line;
    private final int column;

    CsvException(String file, long line, int column, String fault) {
        super("%s, line %d, column %d: %s".formatted(file, line, column, fault));
        this.file = file;
        this.line = line;
        this.column = column;
    }

    CsvException(String file, long line, int column, String fault, Throwable cause) {
        this(file, line, column, fault);
        initCause(cause);
    }

    /// {@return the file, as it was named}
    public String file() {
        return file;
    }

    /// {@return the line of the fault, counted from 1}
    public long line() {
        return line;
    }

    /// {@return the column of the fault: which value of the line, counted from 1}
    public int column() {
        return column;
    }
}
