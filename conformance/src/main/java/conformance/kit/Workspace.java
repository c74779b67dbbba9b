package conformance.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A folder that lasts as long as a case.
public final class Workspace implements AutoCloseable {
    private final Path folder;

    private Workspace(Path folder) {
        this.folder = folder;
    }

    /// {@return an empty folder}
    public static Workspace create() {
        try {
            return new Workspace(Files.createTempDirectory("conformance"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return the folder}
    public Path folder() {
        return folder;
    }

    /// Deletes the folder with all in it.
    @Override
    public void close() {
        if (!Files.exists(folder)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
