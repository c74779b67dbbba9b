package examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A folder that a user has named to be written to.
final class WritableFolder {
    private WritableFolder() {}

    /// {@return why a folder cannot be written to, if so: `'a.txt', a file; name a folder`} It is made where it is not there.
    static Optional<String> fault(Path folder) {
        if (folder.toString().isEmpty()) {
            return Optional.of("''; name a folder");
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            return Optional.of("'%s', a file; name a folder".formatted(folder));
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            return Optional.of("'%s'; name a folder that can be made".formatted(folder));
        }
        return Files.isWritable(folder)
                ? Optional.empty()
                : Optional.of("'%s'; name a folder that can be written to".formatted(folder));
    }
}
