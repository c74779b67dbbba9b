package loops.core.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A folder of checkpoints, numbered in the order in which they were written: `checkpoint-000001` and so on.
///
/// One process at a time may write into it.
///
/// @param directory the folder; made when the first checkpoint is written
public record CheckpointFolder(Path directory) {
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{6,9})");
    private static final Pattern LEFT_BEHIND =
            Pattern.compile(NAME.pattern() + Pattern.quote(DurableFolder.UNFINISHED));

    /// {@return the checkpoints, oldest first} Unfinished ones are not among them.
    ///
    /// @throws IOException if the folder cannot be listed
    public List<Path> all() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.filter(path -> NAME.matcher(path.getFileName().toString()).matches())
                    .sorted((a, b) -> Integer.compare(number(a), number(b)))
                    .toList();
        }
    }

    /// {@return the checkpoint that was written last, if there is one}
    ///
    /// @throws IOException if the folder cannot be listed
    public Optional<Path> latest() throws IOException {
        var all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// Writes a checkpoint after those that are there.
    ///
    /// @param checkpoint the checkpoint
    /// @return its folder
    /// @throws IOException if it cannot be written
    public Path write(Checkpoint checkpoint) throws IOException {
        int next = latest().map(last -> number(last) + 1).orElse(1);
        var folder = directory.resolve("checkpoint-%06d".formatted(next));
        checkpoint.write(folder);
        return folder;
    }

    /// Deletes all but the newest `count` checkpoints, and what an interrupted write left behind.
    ///
    /// @param count from 0
    /// @throws IllegalArgumentException if `count` is negative
    /// @throws IOException if something cannot be deleted
    public void keepNewest(int count) throws IOException {
        if (count < 0) {
            throw new IllegalArgumentException(
                    "keepNewest: count is %d; use a number from 0".formatted(count));
        }
        var all = all();
        for (Path old : all.subList(0, Math.max(0, all.size() - count))) {
            DurableFolder.delete(old);
        }
        if (Files.isDirectory(directory)) {
            try (var entries = Files.list(directory)) {
                for (Path path : entries.toList()) {
                    if (LEFT_BEHIND.matcher(path.getFileName().toString()).matches()) {
                        DurableFolder.delete(path);
                    }
                }
            }
        }
    }

    private static int number(Path checkpoint) {
        var name = NAME.matcher(checkpoint.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException("not a checkpoint's name: " + checkpoint);
        }
        return Integer.parseInt(name.group(1));
    }
}
