package examples;

import java.nio.file.Path;
import java.util.Optional;
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

    /// {@return how a run is saved, and gone on with}
    ///
    /// @param choices what it must have in common with the saved one that it goes on with
    /// @throws ParameterException if the options do not fit each other, or the folder cannot be written to
    Checkpointing of(SavedChoices choices) {
        if (directory == null && everySteps != null) {
            throw bad("--checkpoint-every: is '%d'; needs --checkpoint-dir".formatted(everySteps));
        }
        if (directory == null && resume) {
            throw bad("--resume: needs --checkpoint-dir");
        }
        var fault = // better now than after the first epoch
                Optional.ofNullable(directory).flatMap(WritableFolder::fault);
        if (fault.isPresent()) {
            throw bad("--checkpoint-dir: is " + fault.get());
        }
        return new Checkpointing(
                Optional.ofNullable(directory),
                Optional.ofNullable(everySteps),
                resume,
                choices,
                spec);
    }

    private ParameterException bad(String line) {
        return new ParameterException(spec.commandLine(), line);
    }
}
