package loops.core.logger;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The numbered folders of runs, `version_0` and so on.
///
/// @param parent where they are; made when the first is claimed
record VersionFolder(Path parent) {
    private static final Pattern NAME = Pattern.compile("version_(\\d{1,18})");

    /// {@return the folder of a version}
    Path folder(long version) {
        return parent.resolve("version_" + version);
    }

    /// Makes the folder of a new version, which no other process takes.
    ///
    /// @param wanted the version; if there is none, 1 more than the greatest, or 0
    /// @return the version
    long claim(OptionalLong wanted) throws IOException {
        if (wanted.isPresent()) {
            Files.createDirectories(folder(wanted.getAsLong()));
            return wanted.getAsLong();
        }
        Files.createDirectories(parent);
        for (long version = next(); ; version++) {
            try {
                Files.createDirectory(folder(version));
                return version;
            } catch (FileAlreadyExistsException _) {
                // another process was faster
            }
        }
    }

    private long next() throws IOException {
        try (var entries = Files.list(parent)) {
            return 1
                    + entries.map(path -> NAME.matcher(path.getFileName().toString()))
                            .filter(name -> name.matches())
                            .mapToLong(name -> Long.parseLong(name.group(1)))
                            .max()
                            .orElse(-1);
        }
    }
}
