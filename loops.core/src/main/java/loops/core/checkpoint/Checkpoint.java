package loops.core.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Num;
import loops.core.training.TensorState;
import tensor.io.HostTensor;
import tensor.io.TensorFile;

/// A saved run: the state of everything, and where in the run it was taken.
///
/// On disk it is a folder:
///
/// | file | holds |
/// |---|---|
/// | `manifest.json` | the version of this format, when it was written and on which device, the loop that stood at its safe point, its counters, the random key, and the SHA-256 of the other files |
/// | `state.json` | the state |
/// | `tensors.safetensors` | the arrays of the state, by their paths |
///
/// It is written beside its place, forced to the disk and then renamed, so a folder of that name is whole, whenever the
/// process or the machine dies.
///
/// @param path the path of the loop that stood at its safe point
/// @param state the state of everything
/// @param device the name of the device that computed it, or nothing where that is not known
public record Checkpoint(String path, Fields state, Optional<String> device) {
    /// The version of the folder's format.
    public static final int VERSION = 1;

    private static final String FORMAT = "loops checkpoint";
    private static final String MANIFEST = "manifest.json";
    private static final String STATE = "state.json";
    private static final String TENSORS = "tensors.safetensors";
    private static final String DEVICE = "device";

    /// Makes the checkpoint of a run on a device that is not known.
    ///
    /// @param path the path of the loop that stood at its safe point
    /// @param state the state of everything
    public Checkpoint(String path, Fields state) {
        this(path, state, Optional.empty());
    }

    /// Writes the folder.
    ///
    /// @param folder its place
    /// @throws java.nio.file.FileAlreadyExistsException if there is something at that place
    /// @throws IOException if it cannot be written; then nothing is left at that place
    public void write(Path folder) throws IOException {
        DurableFolder.write(folder, this::writeInto);
    }

    /// Writes the folder in the place of what is there.
    ///
    /// @param folder its place
    /// @throws IOException if it cannot be written; then what was there still is
    public void replace(Path folder) throws IOException {
        DurableFolder.replace(folder, this::writeInto);
    }

    /// Deletes the folder of a checkpoint, if it is there.
    ///
    /// @param folder its place
    /// @throws IOException if something cannot be deleted
    public static void delete(Path folder) throws IOException {
        DurableFolder.delete(folder);
    }

    private void writeInto(Path files) throws IOException {
        var arrays = new LinkedHashMap<String, Data>();
        Files.writeString(files.resolve(STATE), StateJson.write(state, arrays));
        var tensors = new LinkedHashMap<String, HostTensor>();
        arrays.forEach((name, array) -> tensors.put(name, TensorState.host(array)));
        TensorFile.of(tensors).write(files.resolve(TENSORS));
        Files.writeString(
                files.resolve(MANIFEST), StateJson.write(manifest(files), new HashMap<>()));
    }

    /// {@return whether there is a checkpoint, whole or damaged, at a place}
    ///
    /// @param folder the place
    public static boolean isAt(Path folder) {
        return Files.exists(folder.resolve(MANIFEST)) && DurableFolder.isSettled(folder);
    }

    /// {@return the checkpoint that was written last}
    ///
    /// @param folders places of checkpoints
    /// @throws UncheckedIOException if one of them cannot be read
    public static Optional<Path> newest(List<Path> folders) {
        return folders.stream().max(Comparator.comparing(Checkpoint::written));
    }

    /// {@return when the checkpoint in a folder was written; the end of time if it does not say so}
    static Instant written(Path folder) {
        try {
            var manifest =
                    StateJson.read(Files.readString(folder.resolve(MANIFEST)), new HashMap<>());
            return Instant.parse(manifest.text("written"));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Instant.MAX;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Fields manifest(Path files) throws IOException {
        var manifest =
                Fields.empty()
                        .with("format", FORMAT)
                        .with("version", VERSION)
                        .with("written", Instant.now().toString());
        return device.map(name -> manifest.with(DEVICE, name))
                .orElse(manifest)
                .with("path", path)
                .with("counters", counters())
                .with("random_key", randomKey())
                .with(
                        "sha256",
                        Fields.empty()
                                .with(STATE, Sha256.of(files.resolve(STATE)))
                                .with(TENSORS, Sha256.of(files.resolve(TENSORS))));
    }

    /// The whole numbers of the loops' states, for people.
    private Fields counters() {
        var counters = Fields.empty();
        if (state.has("loops")) {
            for (var leaf : state.fields("loops").leaves().entrySet()) {
                if (leaf.getValue() instanceof Num(long value)) {
                    counters = counters.with(leaf.getKey(), value);
                }
            }
        }
        return counters;
    }

    private Fields randomKey() {
        return state.has("scope") ? state.fields("scope").fields("key") : Fields.empty();
    }

    /// {@return the checkpoint in a folder}
    ///
    /// @param folder its place
    /// @throws CheckpointException if something is missing or damaged, or another version wrote it
    public static Checkpoint read(Path folder) throws IOException {
        DurableFolder.settle(folder);
        try {
            var manifest =
                    StateJson.read(Files.readString(folder.resolve(MANIFEST)), new HashMap<>());
            requireKnown(manifest, folder);
            var hashes = manifest.fields("sha256");
            requireHash(folder, STATE, hashes);
            requireHash(folder, TENSORS, hashes);
            Map<String, Data> arrays = new HashMap<>();
            TensorFile.read(folder.resolve(TENSORS))
                    .entries()
                    .forEach((name, host) -> arrays.put(name, TensorState.of(host)));
            var state = StateJson.read(Files.readString(folder.resolve(STATE)), arrays);
            return new Checkpoint(
                    manifest.text("path"),
                    state,
                    manifest.has(DEVICE) ? Optional.of(manifest.text(DEVICE)) : Optional.empty());
        } catch (NoSuchFileException e) {
            throw new CheckpointException(
                    folder, "no file " + e.getFile() + "; name the folder of one checkpoint", e);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    folder,
                    "cannot be read: "
                            + e.getMessage()
                            + "; delete this folder to go on from the checkpoint before",
                    e);
        }
    }

    private static void requireKnown(Fields manifest, Path folder) throws CheckpointException {
        if (!manifest.has("format") || !manifest.text("format").equals(FORMAT)) {
            throw new CheckpointException(folder, MANIFEST + " is not that of a checkpoint");
        }
        long version = manifest.num("version");
        if (version != VERSION) {
            throw new CheckpointException(
                    folder,
                    "has version %d of the format, this program reads %d; use the version that wrote it"
                            .formatted(version, VERSION));
        }
    }

    private static void requireHash(Path folder, String file, Fields hashes) throws IOException {
        String written = hashes.text(file);
        String found = Sha256.of(folder.resolve(file));
        if (!written.equals(found)) {
            throw new CheckpointException(
                    folder,
                    "%s is damaged: its SHA-256 is %s, was %s; delete this folder to go on from the checkpoint before"
                            .formatted(file, found, written));
        }
    }
}
