package tensor.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes files all or not at all.
final class WholeFile {
    private static final String UNFINISHED = ".unfinished";

    private WholeFile() {}

    /// What is to stand in a file.
    @FunctionalInterface
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /// Writes a file beside its place, waits until the device has it, and renames it. So the content may come from what stands
    /// there, mapped into memory too, and that stays if the writing fails. A device or a pipe is written straight to.
    static void write(Path file, Content content) throws IOException {
        Path place = Files.exists(file) ? file.toRealPath() : file;
        if (Files.exists(place) && !Files.isRegularFile(place)) {
            writeTo(place, content);
            return;
        }
        Path beside = place.resolveSibling(place.getFileName() + UNFINISHED);
        try {
            writeTo(beside, content);
            Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static void writeTo(Path file, Content content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            if (Files.isRegularFile(file)) {
                channel.force(true);
            }
        }
    }
}
