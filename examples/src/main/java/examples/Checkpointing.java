package examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.core.Resume;
import loops.core.Status;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.ModelCheckpointConfig;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.Activity;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.Interruption;
import loops.core.training.TrainingModule;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// How a run is saved, and gone on with.
///
/// @param directory where it is saved, if it is
/// @param everySteps after how many optimizer steps; after each epoch if nothing is said
/// @param resume whether it goes on from the newest checkpoint there
/// @param choices what it must have in common with the saved one that it goes on with
/// @param spec the command
record Checkpointing(
        Optional<Path> directory,
        Optional<Integer> everySteps,
        boolean resume,
        SavedChoices choices,
        CommandSpec spec) {

    /// {@return how a further run of the same command is saved} It is in a folder of its own within.
    ///
    /// @param name of that folder
    /// @param other what the user chose for the further run
    Checkpointing within(String name, SavedChoices other) {
        return new Checkpointing(
                directory.map(folder -> folder.resolve(name)), everySteps, resume, other, spec);
    }

    /// {@return how one of several runs of the same command is saved} It is in a folder of its own within.
    ///
    /// @param name of that folder
    Checkpointing within(String name) {
        return within(name, choices);
    }

    /// {@return the same for a run without optimizer steps, which is saved after each epoch}
    Checkpointing byEpochs() {
        return new Checkpointing(directory, Optional.empty(), resume, choices, spec);
    }

    /// {@return how the run starts} Says so if it was asked to go on.
    ///
    /// @param data what it must have in common with the saved one too
    /// @throws ParameterException if it would be mixed with another run
    Resume start(Stateful data) throws IOException {
        return directory.isEmpty() ? Resume.never() : start(directory.get(), data);
    }

    private Resume start(Path folder, Stateful data) throws IOException {
        var latest = new CheckpointFolder(folder).latest();
        if (latest.isEmpty()) {
            if (resume) {
                say("nothing was saved in " + folder + "; starting anew");
            }
            return Resume.never();
        }
        if (!resume) {
            throw bad(
                    "--checkpoint-dir: is '%s', which holds an earlier run; add --resume to go on with it, or name another folder"
                            .formatted(folder));
        }
        requireSameRun(folder, data, Checkpoint.read(latest.get()).state());
        say("resuming from " + latest.get());
        return Resume.from(latest.get());
    }

    private void requireSameRun(Path folder, Stateful data, Fields saved) {
        var difference = choices.difference(saved.fields("callbacks"));
        if (difference.isPresent()) {
            throw bad(difference.get());
        }
        if (!saved.fields("data").equals(data.stateDict())) {
            throw bad(
                    "--data: is not what the run in '%s' was saved with; give the same"
                            .formatted(folder));
        }
    }

    /// {@return what a fit came to}
    ///
    /// @param start whether it goes on from a checkpoint
    /// @throws Interruption if it was left before its end; it has said how to go on
    static FitResult fit(Trainer trainer, TrainingModule model, DataModule data, Resume start) {
        var result = trainer.fit(model, data, start);
        if (trainer.status() == Status.INTERRUPTED) {
            throw new Interruption("the fit was left before its end", Activity.TRAINING);
        }
        return result;
    }

    /// {@return what a fit came to, which goes on with an earlier one where it is asked to}
    ///
    /// @param trainer lets itself be saved as is said here
    FitResult fit(Trainer trainer, TrainingModule model, DataModule data) throws IOException {
        return fit(trainer, model, data, start(data));
    }

    /// Lets a trainer save the run, also when it is interrupted, as by Ctrl-C.
    ///
    /// @param config the choices of the trainer
    void configure(TrainerConfig config) {
        configure(config, List.of());
    }

    /// Lets a trainer save the run, also when it is interrupted, as by Ctrl-C.
    ///
    /// @param config the choices of the trainer
    /// @param listening its other callbacks
    void configure(TrainerConfig config, List<Callback> listening) {
        var callbacks = new ArrayList<>(listening);
        callbacks.add(choices);
        directory.ifPresent(folder -> {
            callbacks.add(ModelCheckpoint.of(folder, this::save));
            config.folder(folder);
        });
        config.callbacks(callbacks.toArray(Callback[]::new))
                .interruptionHint(Checkpointing::howToGoOn);
    }

    /// It has a name, so that a run may go on with another number of steps.
    private void save(ModelCheckpointConfig config) {
        config.newest(2).named("options");
        everySteps.ifPresent(config::everySteps);
    }

    private static String howToGoOn(Optional<Path> saved) {
        return saved.isPresent()
                ? "go on with the same command and --resume"
                : "the run was not saved, give it a --checkpoint-dir";
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }

    private ParameterException bad(String line) {
        return new ParameterException(spec.commandLine(), line);
    }
}
