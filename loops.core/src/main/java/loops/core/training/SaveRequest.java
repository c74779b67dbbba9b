package loops.core.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The wish of callbacks to have the run saved, or interrupted. It is met at the next safe point, once, however often it was uttered.
public final class SaveRequest {
    private final List<Save> wanted = new ArrayList<>();
    private final Optional<Whole> whole;
    private volatile @Nullable String interruption;

    /// One checkpoint that is wished for.
    public sealed interface Save {
        /// A further checkpoint in a folder of many, with a name of the folder's choice.
        ///
        /// @param folder the folder of all checkpoints
        record Next(Path folder) implements Save {}

        /// A checkpoint at a place of its own.
        ///
        /// @param checkpoint the folder of that checkpoint; what is there is replaced
        /// @param obsolete folders of checkpoints that are deleted once the new one is there
        record At(Path checkpoint, List<Path> obsolete) implements Save {
            /// Copies the list.
            public At {
                obsolete = List.copyOf(obsolete);
            }
        }
    }

    /// What a part belongs to that cannot be saved by itself.
    ///
    /// @param saves takes the wish to interrupt
    /// @param refusal says why a checkpoint is refused, and what to do
    private record Whole(SaveRequest saves, String refusal) {}

    /// Nothing is wished for.
    public SaveRequest() {
        this(Optional.empty());
    }

    private SaveRequest(Optional<Whole> whole) {
        this.whole = whole;
    }

    /// {@return the wishes of a part of this run whose safe points are none of the run} What interrupts the part interrupts
    /// this run, and the other way round; a checkpoint of the part is refused.
    ///
    /// @param refusal says why a checkpoint is refused, and what to do
    public SaveRequest ofPart(String refusal) {
        return new SaveRequest(Optional.of(new Whole(this, refusal)));
    }

    /// Asks for a checkpoint below a folder.
    ///
    /// @param folder the folder of all checkpoints
    public void request(Path folder) {
        request(new Save.Next(folder));
    }

    /// Asks for a checkpoint at a place of its own.
    ///
    /// @param checkpoint the folder of that checkpoint
    /// @param obsolete folders of checkpoints that are deleted once the new one is there
    public void request(Path checkpoint, List<Path> obsolete) {
        request(new Save.At(checkpoint, obsolete));
    }

    /// Asks for a checkpoint, if that is not asked for already.
    ///
    /// @param save the checkpoint
    /// @throws IllegalStateException in a part of a run that cannot be saved by itself
    public void request(Save save) {
        whole.ifPresent(run -> {
            throw new IllegalStateException(run.refusal());
        });
        if (!wanted.contains(save)) {
            wanted.add(save);
        }
    }

    /// Asks for an end of the run at the next safe point, wherever that is. Unlike a stop it calls no further hook: the
    /// run is to be gone on with. May be called by any thread.
    ///
    /// @param reason why, for people
    public void interrupt(String reason) {
        whole.ifPresentOrElse(run -> run.saves().interrupt(reason), () -> interruption = reason);
    }

    /// {@return why the run is to be interrupted, if it is}
    public Optional<String> interruption() {
        return whole.isPresent()
                ? whole.get().saves().interruption()
                : Optional.ofNullable(interruption);
    }

    /// {@return the checkpoints that are asked for, in this order}
    public List<Save> wanted() {
        return List.copyOf(wanted); // without a copy, if there are none
    }

    /// {@return whether a checkpoint at a place of its own is asked for, and not written yet}
    ///
    /// @param checkpoint the folder of that checkpoint
    public boolean wants(Path checkpoint) {
        return wanted.stream()
                .anyMatch(save -> save instanceof Save.At at && at.checkpoint().equals(checkpoint));
    }

    /// Takes note of a checkpoint that has been written: it is no longer asked for.
    ///
    /// @param save the checkpoint
    public void met(Save save) {
        wanted.remove(save);
    }

    /// {@return the checkpoints that were asked for} They are no longer asked for afterwards.
    public List<Save> take() {
        var taken = wanted();
        wanted.clear();
        return taken;
    }
}
