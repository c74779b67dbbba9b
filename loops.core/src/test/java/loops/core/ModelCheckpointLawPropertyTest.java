package loops.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.TreeMap;
import loops.api.LoopState.Fields;
import loops.core.callback.Mode;
import loops.core.callback.ModelCheckpoint;
import loops.core.callback.ModelCheckpointConfig;
import loops.core.checkpoint.Checkpoint;
import loops.core.checkpoint.CheckpointFolder;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import tensor.data.Batch;

/// A run that dies and goes on from any of its checkpoints leaves the folder and the callback as if it had not died.
class ModelCheckpointLawPropertyTest {
    private static long resumed;

    /// When to save, what to keep, what to call it.
    record Choices(String monitor, Mode mode, int keep, boolean last, int trigger, String name) {
        void accept(ModelCheckpointConfig config) {
            config.fileName(name);
            if (monitor.isEmpty()) {
                config.keep(Math.min(keep, 1));
            } else {
                config.monitor(monitor, mode).keep(keep);
            }
            if (last) {
                config.saveLast("last-{epoch}");
            }
            if (trigger < 0) {
                config.everyEpochs(-trigger);
            } else {
                config.everySteps(trigger);
            }
        }
    }

    @Provide
    Arbitrary<FitSpec> fits() {
        return RandomFits.fits();
    }

    @Provide
    Arbitrary<Choices> choices() {
        return Combinators.combine(
                        Arbitraries.of("", "loss", "epoch", "step"),
                        Arbitraries.of(Mode.class),
                        Arbitraries.integers().between(-1, 3),
                        Arbitraries.of(true, false),
                        Arbitraries.of(-2, -1, 1, 2, 3),
                        Arbitraries.of("{epoch}-{step}", "{step}", "same", "{epoch:02d}"))
                .as(Choices::new);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theFolderAndTheStateAreThoseOfTheUndisturbedRun(
            @ForAll("fits") FitSpec fit,
            @ForAll("choices") Choices choices,
            @ForAll @IntRange(min = 2, max = 9) int diesAt,
            @ForAll @IntRange(min = 0, max = 9) int from)
            throws IOException {
        var folder = Files.createTempDirectory("checkpoints");
        try {
            var undisturbed = fit(fit, choices, folder, Integer.MAX_VALUE, Resume.never());
            delete(folder);
            if (!dies(fit, choices, folder, diesAt)) {
                return;
            }
            var all = new CheckpointFolder(folder).all();
            if (all.isEmpty()) {
                return;
            }

            var again =
                    fit(
                            fit,
                            choices,
                            folder,
                            Integer.MAX_VALUE,
                            Resume.from(all.get(from % all.size())));

            assertEquals(undisturbed, again);
            resumed++;
        } finally {
            delete(folder);
        }
    }

    @AfterContainer
    static void someRunsWereResumed() {
        assertTrue(resumed > 0, "no run was resumed");
    }

    /// The state of the callback, and each checkpoint by its name.
    private record Outcome(Fields state, TreeMap<String, Checkpoint> checkpoints) {}

    private static Outcome fit(FitSpec fit, Choices choices, Path folder, int diesAt, Resume resume)
            throws IOException {
        var saver = ModelCheckpoint.of(folder, choices::accept);
        Trainer.of(config ->
                        config.plan(fit::configure)
                                .seed(fit.seed())
                                .callbacks(new Death(diesAt), saver))
                .fit(fit.module(), fit.data(), resume);
        var checkpoints = new TreeMap<String, Checkpoint>();
        for (Path path : new CheckpointFolder(folder).all()) {
            checkpoints.put(path.getFileName().toString(), Checkpoint.read(path));
        }
        return new Outcome(saver.stateDict(), checkpoints);
    }

    private static boolean dies(FitSpec fit, Choices choices, Path folder, int diesAt)
            throws IOException {
        try {
            fit(fit, choices, folder, diesAt, Resume.never());
            return false;
        } catch (IllegalStateException e) {
            assertEquals("dead", e.getMessage());
            return true;
        }
    }

    /// Throws at the hook of that number, counted in this process.
    private static final class Death implements Callback {
        private final int at;
        private int seen;

        Death(int at) {
            this.at = at;
        }

        private void count() {
            if (++seen == at) {
                throw new IllegalStateException("dead");
            }
        }

        @Override
        public void onTrainBatchStart(RunView run, Batch batch, int batchIndex) {
            count();
        }

        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
            count();
        }

        @Override
        public void onValidationStart(RunView run) {
            count();
        }

        @Override
        public void onTrainEpochMeasured(RunView run) {
            count();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
