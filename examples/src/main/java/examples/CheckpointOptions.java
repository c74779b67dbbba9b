package examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.Resume;
import loops.core.TrainerConfig;
import loops.core.callback.ModelCheckpoint;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.Callback;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of an example that can be interrupted: where it is saved, how often, and whether it goes on.
final class CheckpointOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--checkpoint-dir",
            paramLabel = "DIR",
            description = "Save the run in this folder.")
    private @Nullable Path directory;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS",
            converter = Values.Steps.class,
            description =
                    "Save after so many optimizer steps (default: each epoch, folds at once: round).")
    private @Nullable Integer everySteps;

    @Option(names = "--resume", description = "Go on from the newest checkpoint in the folder.")
    private boolean resume;

    /// {@return how the run starts} Says so if it was asked to go on.
    ///
    /// @param choices what a run must have in common with the saved one that it goes on with
    /// @param data likewise
    /// @throws ParameterException if the options do not fit each other, or would mix two runs
    Resume start(SavedChoices choices, Stateful data) throws IOException {
        if (directory == null) {
            if (everySteps != null) {
                throw bad(
                        "--checkpoint-every: is '%d'; needs --checkpoint-dir"
                                .formatted(everySteps));
            }
            if (resume) {
                say("nothing was saved, there is no --checkpoint-dir; starting anew");
            }
            return Resume.never();
        }
        var fault = WritableFolder.fault(directory); // better now than after the first epoch
        if (fault.isPresent()) {
            throw bad("--checkpoint-dir: is " + fault.get());
        }
        var latest = new CheckpointFolder(directory).latest();
        if (latest.isEmpty()) {
            if (resume) {
                say("nothing was saved in " + directory + "; starting anew");
            }
            return Resume.never();
        }
        if (!resume) {
            throw bad(
                    "--checkpoint-dir: is '%s', which holds an earlier run; add --resume to go on with it, or name another folder"
                            .formatted(directory));
        }
        requireSameRun(choices, data, Checkpoint.read(latest.get()).state());
        say("resuming from " + latest.get());
        return Resume.from(latest.get());
    }

    private void requireSameRun(SavedChoices choices, Stateful data, Fields saved) {
        var difference = choices.difference(saved.fields("callbacks"));
        if (difference.isPresent()) {
            throw bad(difference.get());
        }
        if (!saved.fields("data").equals(data.stateDict())) {
            throw bad(
                    "--data: is not what the run in '%s' was saved with; give the same"
                            .formatted(directory));
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }

    /// {@return what saves the run, if it is to be saved}
    Optional<Callback> callback() {
        if (directory == null) {
            return Optional.empty();
        }
        return Optional.of(
                everySteps == null
                        ? ModelCheckpoint.everyEpoch(directory)
                        : ModelCheckpoint.everySteps(directory, everySteps));
    }

    /// Lets a trainer save in the folder when it is interrupted, as by Ctrl-C.
    ///
    /// @param config the choices of the trainer
    void saveInterrupted(TrainerConfig config) {
        if (directory != null) {
            config.folder(directory);
        }
    }

    private ParameterException bad(String line) {
        return new ParameterException(spec.commandLine(), line);
    }
}
