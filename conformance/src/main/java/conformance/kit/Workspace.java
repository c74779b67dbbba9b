package conformance.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

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

    /// {@return the names of what stands in the folder, sorted}
    public List<String> names() {
        try (var paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
