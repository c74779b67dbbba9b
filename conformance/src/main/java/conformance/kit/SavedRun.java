package conformance.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState;
import loops.core.checkpoint.Checkpoint;

/// What a checkpoint of a fit holds.
///
/// @param place its folder
/// @param checkpoint what is in it
public record SavedRun(Path place, Checkpoint checkpoint) {
    /// {@return the checkpoint in a folder, if there is one}
    ///
    /// @param place the folder
    public static Optional<SavedRun> at(Path place) {
        if (!Files.isDirectory(place)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SavedRun(place, Checkpoint.read(place)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return all checkpoints below a folder, by their steps}
    ///
    /// @param folder the folder
    public static List<SavedRun> below(Path folder) {
        var all = new ArrayList<SavedRun>();
        try (var places = Files.list(folder)) {
            for (Path place : places.toList()) {
                at(place).ifPresent(all::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        all.sort(Comparator.comparingLong(SavedRun::globalStep));
        return all;
    }

    /// {@return the state of the loops of the fit}
    public LoopState.Fields fitLoop() {
        return checkpoint.state().fields("loops").fields("fit_loop");
    }

    /// {@return the steps that all optimizers had made}
    public long globalStep() {
        long steps = 0;
        for (LoopState optimizer : checkpoint.state().fields("scope").items("optimizers")) {
            steps += ((LoopState.Fields) optimizer).num("steps");
        }
        return steps;
    }

    /// {@return the epochs that were completed: the number of the one that was being trained}
    public long epoch() {
        return fitLoop().fields("epoch_progress").fields("current").num("completed");
    }

    /// {@return the epoch in which the checkpoint was asked for: the one that was begun last}
    public long askedInEpoch() {
        return Math.max(0, fitLoop().fields("epoch_progress").fields("current").num("ready") - 1);
    }
}
