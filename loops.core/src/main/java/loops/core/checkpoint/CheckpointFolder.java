package loops.core.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A folder of checkpoints. What they are called does not matter: each knows when it was written.
///
/// One process at a time may write into it.
///
/// @param directory the folder; made when the first checkpoint is written
public record CheckpointFolder(Path directory) {
    private static final Pattern NUMBERED = Pattern.compile("checkpoint-(\\d{6,9})");

    /// {@return the checkpoints, in the order in which they were written} Unfinished ones are not among them. One that
    /// does not say when it was written comes last, so that whoever reads the newest is told what is wrong with it.
    ///
    /// @throws IOException if the folder cannot be listed
    public List<Path> all() throws IOException {
        record Dated(Path folder, Instant written) {}
        var dated = new ArrayList<Dated>();
        for (Path entry : entries()) {
            if (Checkpoint.isAt(entry)) {
                dated.add(new Dated(entry, Checkpoint.written(entry)));
            }
        }
        return dated.stream()
                .sorted(Comparator.comparing(Dated::written).thenComparing(Dated::folder))
                .map(Dated::folder)
                .toList();
    }

    private List<Path> entries() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        DurableFolder.settleAll(directory);
        try (var entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    /// {@return the checkpoint that was written last, if there is one}
    ///
    /// @throws IOException if the folder cannot be listed
    public Optional<Path> latest() throws IOException {
        var all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// Writes a checkpoint under a name of its own: `checkpoint-000001`, and so on.
    ///
    /// @param checkpoint the checkpoint
    /// @return its folder
    /// @throws IOException if it cannot be written
    public Path write(Checkpoint checkpoint) throws IOException {
        int highest = entries().stream().mapToInt(CheckpointFolder::number).max().orElse(0);
        var folder = directory.resolve("checkpoint-%06d".formatted(highest + 1));
        checkpoint.write(folder);
        return folder;
    }

    private static int number(Path entry) {
        var name = NUMBERED.matcher(entry.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }
}
