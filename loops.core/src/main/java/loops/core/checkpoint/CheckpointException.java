package loops.core.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/// A checkpoint that cannot be read: the folder, what is wrong with it, what to do.
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    CheckpointException(Path folder, String problem) {
        super("Checkpoint %s: %s".formatted(folder, problem));
    }

    CheckpointException(Path folder, String problem, Throwable cause) {
        super("Checkpoint %s: %s".formatted(folder, problem), cause);
    }
}
