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
    private static final String UNFINISHED = ".unfinished";

    /// What a folder is called while another takes its place.
    private static final String OLD = ".old";

    private DurableFolder() {}

    /// {@return whether a folder has its own name, and is neither unfinished nor on its way out}
    static boolean isSettled(Path folder) {
        String name = folder.getFileName().toString();
        return !name.endsWith(UNFINISHED) && !name.endsWith(OLD);
    }

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
        remove(marked);
        Files.createDirectory(marked);
        try {
            content.writeInto(marked);
            for (Path file : list(marked)) {
                force(file, StandardOpenOption.WRITE);
            }
            force(marked, StandardOpenOption.READ);
            if (Files.exists(folder)) {
                remove(old(folder));
                Files.move(folder, old(folder), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(marked, folder, StandardCopyOption.ATOMIC_MOVE);
            remove(old(folder));
        } catch (IOException | RuntimeException e) {
            remove(marked);
            throw e;
        }
        force(parent, StandardOpenOption.READ);
    }

    /// Puts a folder back that was to be replaced when the process died, if the new one did not come to its place.
    static void settle(Path folder) throws IOException {
        if (!Files.exists(folder) && Files.isDirectory(old(folder))) {
            Files.move(old(folder), folder, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// Does [#settle] for every folder in another.
    static void settleAll(Path parent) throws IOException {
        for (Path entry : list(parent)) {
            String name = entry.getFileName().toString();
            if (name.endsWith(OLD)) {
                settle(entry.resolveSibling(name.substring(0, name.length() - OLD.length())));
            }
        }
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
        remove(old(folder));
        remove(folder);
    }

    private static Path old(Path folder) {
        return folder.resolveSibling(folder.getFileName() + OLD);
    }

    private static void remove(Path folder) throws IOException {
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
