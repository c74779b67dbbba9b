package loops.core;

import static loops.core.SmallFits.data;
import static loops.core.SmallFits.trainer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.data.Batch;

/// Fits that fail.
class FailedFitTest {
    @TempDir private Path folder;

    @Test
    void aFailedFitLeavesTheStateOfItsLastSafePointAndTheNextGoesOn() {
        var place = folder.resolve("auto.ckpt");
        var undisturbed = new Slope();
        var whole = trainer(3).fit(undisturbed, data());
        var saving = (Consumer<TrainerConfig>) config -> config.maxEpochs(3).autoSave(place);
        var fault = new IllegalStateException("a fault");
        var failing = Trainer.of(config -> saving.accept(config.callbacks(new FailAt(3, fault))));

        try (var warnings = new WarningsHeard()) {
            assertSame(
                    fault,
                    assertThrows(
                            IllegalStateException.class, () -> failing.fit(new Slope(), data())));
            var module = new Slope();
            var trainer = Trainer.of(saving);

            var result = trainer.fit(module, data());

            assertEquals(
                    List.of(
                            "the fit failed; the state before that is saved, go on with Resume.from(\"%s\")"
                                    .formatted(place),
                            "fit: goes on with the run that failed, from %s; use Resume.never() to start anew"
                                    .formatted(place)),
                    warnings.lines());
            assertEquals(Optional.of(place), trainer.resumedFrom());
            assertEquals(whole, result);
            assertEquals(undisturbed.values(), module.values());
        }
        assertFalse(Files.exists(place));
        assertEquals(Status.INTERRUPTED, failing.status());
    }

    @Test
    void aFitThatIsToldToStartAnewPassesOverWhatAFailedOneLeft() {
        var place = folder.resolve("auto.ckpt");
        var failing =
                Trainer.of(config ->
                        config.maxEpochs(3)
                                .autoSave(place)
                                .callbacks(new FailAt(3, new IllegalStateException("a fault"))));
        assertThrows(IllegalStateException.class, () -> failing.fit(new Slope(), data()));
        var trainer = Trainer.of(config -> config.maxEpochs(1).autoSave(place));

        var result = trainer.fit(new Slope(), data(), Resume.never());

        assertEquals(2, result.globalStep());
        assertEquals(Optional.empty(), trainer.resumedFrom());
    }

    @Test
    void anAutoSaveThatCannotBeWrittenDoesNotHideTheFault() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "");
        var fault = new IllegalStateException("a fault");
        var trainer =
                Trainer.of(config ->
                        config.maxEpochs(1)
                                .autoSave(file.resolve("auto.ckpt"))
                                .callbacks(new FailAt(2, fault)));

        assertSame(
                fault,
                assertThrows(IllegalStateException.class, () -> trainer.fit(new Slope(), data())));
        assertTrue(
                List.of(fault.getSuppressed()).stream()
                        .anyMatch(UncheckedIOException.class::isInstance));
    }

    private record FailAt(int batch, RuntimeException fault) implements Callback {
        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch samples, int index) {
            if (run.scope().batches() == batch) {
                throw fault;
            }
        }
    }
}
