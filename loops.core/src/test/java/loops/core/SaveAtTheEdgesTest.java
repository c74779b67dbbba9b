package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import loops.api.Codec;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.loop.FitLoop;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Saves that are asked for before the first step of a fit and after its last one.
class SaveAtTheEdgesTest {
    @TempDir private Path folder;

    /// Asks for a checkpoint in one hook.
    private record Asking(String hook, Path folder) implements Callback {
        private void ask(String name, RunView run) {
            if (name.equals(hook)) {
                run.save(folder);
            }
        }

        @Override
        public void setup(RunView run) {
            ask("setup", run);
        }

        @Override
        public void onFitStart(RunView run) {
            ask("onFitStart", run);
        }

        @Override
        public void onSanityCheckEnd(RunView run) {
            ask("onSanityCheckEnd", run);
        }

        @Override
        public void onFitEnd(RunView run) {
            ask("onFitEnd", run);
        }
    }

    private FitResult fit(int epochs, String hook) {
        return Trainer.of(config ->
                        config.maxEpochs(epochs).callbacks(new Asking(hook, folder.resolve(hook))))
                .fit(new Slope(), data());
    }

    /// Epochs of two steps, and something to validate on.
    private static DataModule data() {
        return Slope.data(Slope.points(4, 2));
    }

    private Optional<Path> saved(String hook) throws IOException {
        return new CheckpointFolder(folder.resolve(hook)).latest();
    }

    private FitResult goOn(int epochs, String hook, Slope module) throws IOException {
        return Trainer.of(config -> config.maxEpochs(epochs))
                .fit(module, data(), Resume.from(saved(hook).orElseThrow()));
    }

    @Test
    void whatIsAskedForBeforeTheSanityCheckIsSavedAfterIt() throws IOException {
        var undisturbed = new Slope();
        var whole = Trainer.of(config -> config.maxEpochs(2)).fit(undisturbed, data());
        for (String hook : List.of("setup", "onFitStart")) {
            fit(2, hook);

            assertEquals("fit_loop", Checkpoint.read(saved(hook).orElseThrow()).path());
            var module = new Slope();
            assertEquals(whole, goOn(2, hook, module));
            assertEquals(undisturbed.values(), module.values());
        }
    }

    @Test
    void whatIsAskedForInTheSanityCheckIsNotSaved() throws IOException {
        fit(2, "onSanityCheckEnd");

        assertEquals(Optional.empty(), saved("onSanityCheckEnd"));
    }

    @Test
    void aFitThatHasNothingToDoIsSavedAllTheSame() throws IOException {
        for (String hook : List.of("setup", "onFitStart", "onFitEnd")) {
            assertEquals(0, fit(0, hook).epochs());

            var module = new Slope();
            assertEquals(4, goOn(2, hook, module).globalStep());
            var undisturbed = new Slope();
            Trainer.of(config -> config.maxEpochs(2)).fit(undisturbed, data());
            assertEquals(undisturbed.values(), module.values());
        }
    }

    @Test
    void whatIsAskedForAtTheEndOfAFitIsItsEnd() throws IOException {
        var whole = fit(2, "onFitEnd");

        assertEquals(whole, goOn(2, "onFitEnd", new Slope()));
        assertEquals(6, goOn(3, "onFitEnd", new Slope()).globalStep());
    }

    @Test
    void theEndOfALoopWhoseOutputCannotBeSavedIsWarnedOf() throws IOException {
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(1)
                                .callbacks(new Asking("onFitEnd", folder.resolve("onFitEnd"))));
        trainer.slots().fit().replace(fit -> new Mute());

        try (var warnings = new WarningsHeard()) {
            trainer.fit(new Slope(), data());

            assertEquals(
                    List.of(
                            "Mute has no outputCodec(), so the fit cannot be saved after its end; [Next[folder=%s]] is not written"
                                    .formatted(folder.resolve("onFitEnd"))),
                    warnings.lines());
        }
        assertEquals(Optional.empty(), saved("onFitEnd"));
    }

    private static final class Mute extends FitLoop {
        @Override
        protected Optional<Codec<FitResult>> outputCodec() {
            return Optional.empty();
        }
    }
}
