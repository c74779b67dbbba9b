package loops.core;

import java.nio.file.Path;

/// Whether a fit goes on from a checkpoint.
public sealed interface Resume {
    /// It starts anew.
    record Never() implements Resume {}

    /// It goes on from one checkpoint.
    ///
    /// @param checkpoint the folder of that checkpoint
    record From(Path checkpoint) implements Resume {}

    /// It goes on from the newest checkpoint in a folder, and starts anew where there is none.
    ///
    /// @param directory the folder of all checkpoints
    record Latest(Path directory) implements Resume {}

    /// {@return to start anew}
    static Resume never() {
        return new Never();
    }

    /// {@return to go on from a checkpoint}
    ///
    /// @param checkpoint the folder of that checkpoint
    static Resume from(Path checkpoint) {
        return new From(checkpoint);
    }

    /// {@return to go on from the newest checkpoint in a folder, and to start anew where there is none}
    ///
    /// @param directory the folder of all checkpoints
    static Resume latest(Path directory) {
        return new Latest(directory);
    }
}
