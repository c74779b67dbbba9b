package loops.core.logger;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// Files that are there whole, old or new, whenever the process or the machine dies.
final class DurableFile {
    private static final String UNFINISHED = ".unfinished";

    private DurableFile() {}

    /// What is to stand in a file.
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Writes a file beside its place, forces it to the disk, and renames it. The content may read what stands there.
    ///
    /// @param limit how many bytes of the content are written at most
    /// @return how many were written, and their checksum
    static Prefix write(Path path, Content content, long limit) throws IOException {
        Files.createDirectories(folderOf(path));
        var beside = unfinished(path);
        Prefix written;
        try {
            try (var file = new FileOutputStream(beside.toFile());
                    var out = new BufferedOutputStream(file)) {
                written = new Prefix(out, limit);
                content.writeTo(written);
                out.flush();
                file.getFD().sync();
            }
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
        forceFolderOf(path);
        return written;
    }

    /// Deletes what an interrupted write of a file left beside it.
    static void cleanUp(Path path) throws IOException {
        Files.deleteIfExists(unfinished(path));
    }

    private static Path unfinished(Path path) {
        return path.resolveSibling(path.getFileName() + UNFINISHED);
    }

    /// Brings to the disk that a file, or a folder, is in its folder.
    static void forceFolderOf(Path path) throws IOException {
        try (var channel = FileChannel.open(folderOf(path), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static Path folderOf(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a folder");
    }
}
