package loops.core;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Whether a run goes on from a checkpoint. A fit goes on exactly where the checkpoint was taken; a validation, a test or
/// a prediction takes the module's values from it.
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

    /// It goes on from the best checkpoint of the trainer's first [loops.core.callback.ModelCheckpoint].
    record Best() implements Resume {}

    /// It goes on from where the trainer last was, and starts anew where nothing was left.
    record Last() implements Resume {}

    /// It goes on as said, without some of the callbacks that were saved.
    ///
    /// @param resume where it goes on
    /// @param leftOut the names of their states
    record Without(Resume resume, Set<String> leftOut) implements Resume {
        /// Copies the set.
        public Without {
            leftOut = Set.copyOf(leftOut);
        }
    }

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

    /// {@return to go on from the best checkpoint of the trainer's first [loops.core.callback.ModelCheckpoint]} It is an
    /// error if there is none.
    static Resume best() {
        return new Best();
    }

    /// {@return to go on from where the trainer last was, in this process or in an earlier one, and to start anew where
    /// nothing was left} That is the newest of what failed and interrupted runs have left, and of the checkpoints that
    /// callbacks keep by `saveLast()` or `newest(..)`, as that which a trainer with a folder adds.
    static Resume last() {
        return new Last();
    }

    /// {@return to go on as said, without callbacks that were saved and are no more} What they remembered is dropped, and a
    /// stop that one of them has asked for is taken back.
    ///
    /// ```java
    /// trainer.fit(module, data, Resume.latest(folder).without("Timer"));
    /// ```
    ///
    /// @param callbacks the names of their states, see [loops.core.training.Callback#stateKey]
    default Resume without(String... callbacks) {
        var all = new LinkedHashSet<>(leftOut());
        all.addAll(List.of(callbacks));
        return new Without(this, all);
    }

    /// {@return the names of the callbacks' states that are not gone on with}
    default Set<String> leftOut() {
        return Set.of();
    }
}
