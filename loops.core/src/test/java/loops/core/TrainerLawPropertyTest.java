package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.api.testkit.PassThrough;
import loops.core.training.FitResult;
import loops.core.training.TensorState;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/// The two laws for whole fits by a trainer: sanity check, checkpoints in files and all.
class TrainerLawPropertyTest {
    private static final List<Consumer<TrainerSlots>> SLOTS =
            List.of(
                    slots -> wrap(slots.fit()),
                    slots -> wrap(slots.epoch()),
                    slots -> wrap(slots.batch()),
                    slots -> wrap(slots.optimizer()),
                    slots -> wrap(slots.manual()),
                    slots -> wrap(slots.validation()),
                    slots -> wrap(slots.validationEpoch()));

    private static long resumed;

    @Provide
    Arbitrary<FitSpec> fits() {
        return RandomFits.fits();
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void aFitThatIsSavedAndResumedIsTheUndisturbedFit(
            @ForAll("fits") FitSpec fit, @ForAll @IntRange(min = 1, max = 40) int saveAt)
            throws IOException {
        var undisturbed = fit(fit, new Listener(fit.stopAt()), Resume.never(), slots -> {});
        var folder = Files.createTempDirectory("checkpoints");
        try {
            var saving = new Listener(fit.stopAt()).saving(saveAt, folder);

            assertEquals(undisturbed, fit(fit, saving, Resume.never(), slots -> {}));
            boolean saved = isFilled(folder);
            assertEquals(
                    undisturbed,
                    fit(fit, new Listener(fit.stopAt()), Resume.latest(folder), slots -> {}));

            resumed += saved ? 1 : 0;
        } finally {
            delete(folder);
        }
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotOfATrainerChangesNothing(
            @ForAll("fits") FitSpec fit, @ForAll @IntRange(min = 0, max = 6) int at) {
        var undisturbed = fit(fit, new Listener(fit.stopAt()), Resume.never(), slots -> {});

        var wrapped = fit(fit, new Listener(fit.stopAt()), Resume.never(), SLOTS.get(at));

        assertEquals(undisturbed, wrapped);
    }

    @AfterContainer
    static void someFitsWereResumed() {
        assertTrue(resumed > 0, "no fit was resumed");
    }

    private record Outcome(FitResult result, Fields module, Fields listener) {}

    private static Outcome fit(
            FitSpec fit, Listener listener, Resume resume, Consumer<TrainerSlots> change) {
        var callback = listener.callback();
        var trainer =
                Trainer.of(
                        config -> config.plan(fit::configure).seed(fit.seed()).callbacks(callback));
        change.accept(trainer.slots());
        var module = fit.module();
        var result = trainer.fit(module, fit.data(), resume);
        return new Outcome(result, TensorState.fields(module.stateDict()), callback.stateDict());
    }

    private static <I, O extends @Nullable Object> void wrap(Slot<I, O> slot) {
        slot.replace(PassThrough::new);
    }

    private static boolean isFilled(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isPresent();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
