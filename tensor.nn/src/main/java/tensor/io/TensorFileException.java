package tensor.io;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/// Says at which byte a file stops being a tensor file, and why.
public final class TensorFileException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long offset;

    TensorFileException(Path file, long offset, String fault) {
        super(file + ", byte " + offset + ": " + fault);
        this.file = file;
        this.offset = offset;
    }

    /// {@return the file, as it was named}
    public Path file() {
        return file;
    }

    /// {@return the place of the fault, in bytes from the start of the file}
    public long offset() {
        return offset;
    }
}
