package loops.core.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// A folder that appears at its place whole, or not at all.
final class DurableFolder {
    /// What an unfinished folder is called. Whoever looks for folders passes over it.
    static final String UNFINISHED = ".unfinished";

    private DurableFolder() {}

    /// Fills a folder.
    @FunctionalInterface
    interface Content {
        void writeInto(Path folder) throws IOException;
    }

    /// Writes a folder beside its place, forces all of it to the disk, and renames it.
    static void write(Path folder, Content content) throws IOException {
        if (Files.exists(folder)) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        replace(folder, content);
    }

    /// As [#write], but what is at the place gives way once the new folder is whole.
    static void replace(Path folder, Content content) throws IOException {
        var parent =
                Objects.requireNonNull(
                        folder.toAbsolutePath().getParent(), "a checkpoint has a folder above it");
        Files.createDirectories(parent);
        var marked = parent.resolve(folder.getFileName() + UNFINISHED);
        delete(marked);
        Files.createDirectory(marked);
        try {
            content.writeInto(marked);
            for (Path file : list(marked)) {
                force(file, StandardOpenOption.WRITE);
            }
            force(marked, StandardOpenOption.READ);
            var old = parent.resolve(folder.getFileName() + ".old" + UNFINISHED);
            delete(old);
            if (Files.exists(folder)) {
                Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(marked, folder, StandardCopyOption.ATOMIC_MOVE);
            delete(old);
        } catch (IOException | RuntimeException e) {
            delete(marked);
            throw e;
        }
        force(parent, StandardOpenOption.READ);
    }

    private static void force(Path path, StandardOpenOption how) throws IOException {
        try (var channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    /// Deletes a folder and all in it, if it is there. It is renamed first, so that a half-deleted one is never taken
    /// for a whole one.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        var marked =
                folder.getFileName().toString().endsWith(UNFINISHED)
                        ? folder
                        : Files.move(
                                folder,
                                folder.resolveSibling(folder.getFileName() + UNFINISHED),
                                StandardCopyOption.ATOMIC_MOVE);
        try (var all = Files.walk(marked)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
