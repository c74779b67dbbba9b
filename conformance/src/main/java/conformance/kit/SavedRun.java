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
import loops.core.training.TensorState;

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
        return optimizers().stream().mapToLong(optimizer -> optimizer.num("steps")).sum();
    }

    private List<LoopState.Fields> optimizers() {
        return checkpoint.state().fields("scope").items("optimizers").stream()
                .map(LoopState.Fields.class::cast)
                .toList();
    }

    /// {@return the learning rates of the optimizers}
    public List<Double> learningRates() {
        return optimizers().stream().map(optimizer -> optimizer.real("learning_rate")).toList();
    }

    /// {@return how often the schedulers had moved, those of the first optimizer first}
    public List<Long> schedulerSteps() {
        return optimizers().stream()
                .flatMap(optimizer -> optimizer.items("schedulers").stream())
                .map(scheduler -> ((LoopState.Fields) scheduler).fields("state").get("steps"))
                .map(steps -> TensorState.CODEC.decode(steps).itemLong())
                .toList();
    }

    /// {@return the learned values}
    public LoopState.Fields weights() {
        return checkpoint.state().fields("scope").fields("module");
    }

    /// {@return the state of a callback}
    ///
    /// @param key its key
    public LoopState.Fields callback(String key) {
        return checkpoint.state().fields("callbacks").fields(key);
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
