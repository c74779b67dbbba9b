package loops.core.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The wish of callbacks to have the run saved. It is met at the next safe point, once, however often it was uttered.
public final class SaveRequest {
    private final List<Path> folders = new ArrayList<>();

    /// Nothing is wished for.
    public SaveRequest() {}

    /// Asks for a checkpoint below a folder.
    ///
    /// @param folder the folder of all checkpoints
    public void request(Path folder) {
        if (!folders.contains(folder)) {
            folders.add(folder);
        }
    }

    /// {@return the folders below which checkpoints were asked for} They are no longer asked for afterwards.
    public List<Path> take() {
        if (folders.isEmpty()) {
            return List.of();
        }
        var taken = List.copyOf(folders);
        folders.clear();
        return taken;
    }
}
