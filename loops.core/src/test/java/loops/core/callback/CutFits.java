package loops.core.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.core.Resume;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.logger.MemoryLogger;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitResult;
import loops.core.training.RunView;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import org.jspecify.annotations.Nullable;

/// The law of resuming for a callback: a fit that is saved at any hook and gone on with in new objects ends as the
/// undisturbed one, with the same module, callback and log.
///
/// @param module makes a module
/// @param data where batches come from
/// @param callback makes a callback
/// @param choices the other choices of the trainer
record CutFits(
        Supplier<? extends TrainingModule> module,
        DataModule data,
        Supplier<? extends Callback> callback,
        Consumer<TrainerConfig> choices) {

    private record Outcome(FitResult result, Fields module, Fields callback, List<String> rows) {}

    /// Holds fits to the law that are saved at some of the hooks, spread evenly.
    ///
    /// @param atMost how many
    void assertLaw(int atMost) throws IOException {
        var counting = new SavesAt(0, Path.of("nowhere"));
        var undisturbed = run(counting, Resume.never());
        int fits = Math.min(atMost, counting.hooks);
        for (int fit = 0; fit < fits; fit++) {
            assertLaw(undisturbed, 1 + fit * (counting.hooks - 1) / Math.max(1, fits - 1));
        }
    }

    private void assertLaw(Outcome undisturbed, int at) throws IOException {
        var folder = Files.createTempDirectory("cut");
        try {
            var saving = new SavesAt(at, folder);

            assertEquals(undisturbed, run(saving, Resume.never()), "saved at hook " + at);
            var resumed = run(new SavesAt(0, folder), Resume.latest(folder));

            assertEquals(
                    undisturbed, resumed, "resumed after hook %d, %s".formatted(at, saving.name));
        } finally {
            delete(folder);
        }
    }

    private Outcome run(SavesAt saver, Resume resume) {
        var heard = callback.get();
        var memory = MemoryLogger.of();
        var trainer =
                Trainer.of(config -> {
                    config.plan(plan -> plan.logEvery(1).maxEpochs(2));
                    choices.accept(config);
                    config.callbacks(heard, saver.callback()).loggers(memory);
                });
        var made = module.get();
        var result = trainer.fit(made, data, resume);
        return new Outcome(
                result,
                TensorState.fields(made.stateDict()),
                heard.stateDict(),
                memory.rows().stream().map(row -> row.step() + " " + row.metrics()).toList());
    }

    /// A callback that asks for a checkpoint at the hook of some number, from 1; never for 0.
    private static final class SavesAt implements InvocationHandler {
        private final int at;
        private final Path folder;
        private int hooks;
        private String name = "none";

        SavesAt(int at, Path folder) {
            this.at = at;
            this.folder = folder;
        }

        Callback callback() {
            return (Callback)
                    Proxy.newProxyInstance(
                            Callback.class.getClassLoader(), new Class<?>[] {Callback.class}, this);
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            return switch (method.getName()) {
                case "stateKey" -> "saves at";
                case "comesLast" -> true;
                case "saves", "sitsOutTrials" -> false;
                case "subscriptions" -> List.of();
                case "stateDict" -> Fields.empty();
                case "onFitEnd", "teardown" -> null; // no safe point follows
                default -> {
                    if (arguments != null && arguments[0] instanceof RunView run) {
                        hook(method.getName(), run);
                    }
                    yield null;
                }
            };
        }

        private void hook(String hook, RunView run) {
            hooks++;
            if (hooks == at) {
                name = hook;
                run.save(folder);
            }
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
