package loops.core;

import static loops.core.training.HookPoint.FIT_END;
import static loops.core.training.HookPoint.FIT_START;
import static loops.core.training.HookPoint.SANITY_CHECK_END;
import static loops.core.training.HookPoint.SETUP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import loops.api.Codec;
import loops.core.callback.LambdaCallback;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.loop.FitLoop;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.HookPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Saves that are asked for before the first step of a fit and after its last one.
class SaveAtTheEdgesTest {
    @TempDir private Path folder;

    /// Asks for a checkpoint in one hook.
    private Callback asking(HookPoint hook) {
        return LambdaCallback.on(hook, run -> run.save(folder.resolve(hook.method())));
    }

    private FitResult fit(int epochs, HookPoint hook) {
        return Trainer.of(config -> config.maxEpochs(epochs).callbacks(asking(hook)))
                .fit(new Slope(), data());
    }

    /// Epochs of two steps, and something to validate on.
    private static DataModule data() {
        return Slope.data(Slope.points(4, 2));
    }

    private Optional<Path> saved(HookPoint hook) throws IOException {
        return new CheckpointFolder(folder.resolve(hook.method())).latest();
    }

    private FitResult goOn(int epochs, HookPoint hook, Slope module) throws IOException {
        return Trainer.of(config -> config.maxEpochs(epochs))
                .fit(module, data(), Resume.from(saved(hook).orElseThrow()));
    }

    @Test
    void whatIsAskedForBeforeTheSanityCheckIsSavedAfterIt() throws IOException {
        var undisturbed = new Slope();
        var whole = Trainer.of(config -> config.maxEpochs(2)).fit(undisturbed, data());
        for (HookPoint hook : List.of(SETUP, FIT_START)) {
            fit(2, hook);

            assertEquals("fit_loop", Checkpoint.read(saved(hook).orElseThrow()).path());
            var module = new Slope();
            assertEquals(whole, goOn(2, hook, module));
            assertEquals(undisturbed.values(), module.values());
        }
    }

    @Test
    void whatIsAskedForInTheSanityCheckIsNotSaved() throws IOException {
        fit(2, SANITY_CHECK_END);

        assertEquals(Optional.empty(), saved(SANITY_CHECK_END));
    }

    @Test
    void aFitThatHasNothingToDoIsSavedAllTheSame() throws IOException {
        for (HookPoint hook : List.of(SETUP, FIT_START, FIT_END)) {
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
        var whole = fit(2, FIT_END);

        assertEquals(whole, goOn(2, FIT_END, new Slope()));
        assertEquals(6, goOn(3, FIT_END, new Slope()).globalStep());
    }

    @Test
    void theEndOfALoopWhoseOutputCannotBeSavedIsWarnedOf() throws IOException {
        var trainer = Trainer.of(config -> config.maxEpochs(1).callbacks(asking(FIT_END)));
        trainer.slots().fit().replace(fit -> new Mute());

        try (var warnings = new WarningsHeard()) {
            trainer.fit(new Slope(), data());

            assertEquals(
                    List.of(
                            "Mute has no outputCodec(), so the fit cannot be saved after its end; [Next[folder=%s]] is not written"
                                    .formatted(folder.resolve("onFitEnd"))),
                    warnings.lines());
        }
        assertEquals(Optional.empty(), saved(FIT_END));
    }

    private static final class Mute extends FitLoop {
        @Override
        protected Optional<Codec<FitResult>> outputCodec() {
            return Optional.empty();
        }
    }
}
