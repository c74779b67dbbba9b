package tensor.image;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/// Says that a file is no picture that can be read, and why.
public final class ImageFileException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Path file;

    ImageFileException(Path file, String fault) {
        super(file + ": " + fault);
        this.file = file;
    }

    ImageFileException(Path file, String fault, Throwable cause) {
        super(file + ": " + fault, cause);
        this.file = file;
    }

    /// {@return the file, as it was named}
    public Path file() {
        return file;
    }
}
