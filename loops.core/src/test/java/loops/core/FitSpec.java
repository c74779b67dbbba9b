package loops.core;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.api.testkit.Scenario;
import loops.core.logger.Loggers;
import loops.core.logger.MemoryLogger;
import loops.core.loop.FitLoop;
import loops.core.training.Callback;
import loops.core.training.Clip;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.Limit;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.BatchCursor;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.TensorDataset;
import tensor.layout.Shape;

/// A small fit of the built-in tree: real parameters, optimizers and random states.
///
/// @param seed where all that is random comes from
/// @param model what is trained, and how
/// @param loading how the batches come
/// @param limits how long it is trained
/// @param validation when and on what it is validated
/// @param stopAt at which hook a callback asks for a stop; 0 for never
record FitSpec(
        long seed, Model model, Loading loading, Limits limits, Validation validation, int stopAt) {

    /// What is trained, and how.
    ///
    /// @param optimizers how many there are
    /// @param adam whether the first is Adam; momentum otherwise
    /// @param dropout how much is dropped
    /// @param manual whether the module optimizes by itself
    /// @param how what else the module does
    record Model(int optimizers, boolean adam, double dropout, boolean manual, How how) {
        Model(int optimizers, boolean adam, double dropout, boolean manual) {
            this(optimizers, adam, dropout, manual, How.PLAINLY);
        }
    }

    /// What else a module does.
    ///
    /// @param split after how many time steps batches are split; 0 for not at all
    /// @param frequencies whether optimizers take turns of one and two batches
    /// @param schedulers whether each optimizer has schedulers of all kinds
    /// @param skips whether some batches have no loss
    /// @param keeps whether results are kept
    /// @param clips whether gradients are clipped
    /// @param looksUp whether the module looks up rows of a table, whose gradients are kept by rows
    record How(
            int split,
            boolean frequencies,
            boolean schedulers,
            boolean skips,
            boolean keeps,
            boolean clips,
            boolean looksUp) {
        static final How PLAINLY = new How(0, false, false, false, false, false, false);
    }

    /// How the batches come.
    ///
    /// @param samples how many samples there are
    /// @param batchSize how many make a batch
    /// @param shuffled whether each epoch has an order of its own
    /// @param prefetch how many batches are made ahead
    /// @param counted whether the source knows its length
    record Loading(int samples, int batchSize, boolean shuffled, int prefetch, boolean counted) {}

    /// How long it is trained.
    ///
    /// @param minEpochs least epochs
    /// @param maxEpochs most epochs
    /// @param maxSteps most optimizer steps, or -1
    /// @param accumulate batches of an accumulation window
    /// @param batches most batches of an epoch, or -1
    record Limits(int minEpochs, int maxEpochs, long maxSteps, int accumulate, int batches) {}

    /// When and on what it is validated.
    ///
    /// @param loaders how many data loaders there are
    /// @param every after how many batches; 0 for the end of the epoch, -1 for half an epoch
    /// @param everyEpochs after how many epochs
    record Validation(int loaders, int every, int everyEpochs) {}

    /// Makes equal objects each time.
    Supplier<Scenario<FitRun, FitResult>> scenarios() {
        return scenarios(FitLoop::new);
    }

    /// As [#scenarios()], with a tree of its own.
    Supplier<Scenario<FitRun, FitResult>> scenarios(Supplier<FitLoop> tree) {
        return () -> {
            var run = run();
            return new Scenario<>(tree.get(), run, world(run));
        };
    }

    /// {@return the same fit, of fewer epochs}
    FitSpec ofAtMost(int epochs) {
        var fewer =
                new Limits(
                        limits.minEpochs(),
                        Math.min(epochs, limits.maxEpochs()),
                        limits.maxSteps(),
                        limits.accumulate(),
                        limits.batches());
        return new FitSpec(seed, model, loading, fewer, validation, stopAt);
    }

    /// All that is alive beside the loops.
    static Stateful world(FitRun run) {
        return new Stateful() {
            @Override
            public Fields stateDict() {
                return Fields.of("hooks", run.hooks().stateDict())
                        .with("loggers", run.hooks().loggers().stateDict())
                        .with("data", run.data().stateDict())
                        .with("scope", run.scope().stateDict());
            }

            @Override
            public void loadStateDict(Fields state) {
                run.hooks().loadStateDict(state.fields("hooks"));
                run.hooks().loggers().loadStateDict(state.fields("loggers"));
                run.data().loadStateDict(state.fields("data"));
                run.scope().loadStateDict(state.fields("scope"));
            }
        };
    }

    FitRun run() {
        var module = module();
        return new FitRun(
                TrainingScope.of(module, RandomKey.of(seed)),
                data(),
                new Hooks(
                        List.<Callback>of(new Listener(stopAt).callback()),
                        Loggers.of(List.of(MemoryLogger.of())),
                        module),
                plan(),
                new SaveRequest());
    }

    TinyModule module() {
        return new TinyModule(model);
    }

    FitPlan plan() {
        return FitPlan.of(config -> configure(config));
    }

    void configure(FitPlan.Config config) {
        config.minEpochs(limits.minEpochs())
                .maxEpochs(limits.maxEpochs())
                .maxSteps(limits.maxSteps())
                .accumulate(model.manual() ? 1 : limits.accumulate())
                .logEvery(2)
                .validateEveryEpochs(validation.everyEpochs())
                .sanityBatches(1);
        if (limits.batches() >= 0) {
            config.trainLimit(Limit.batches(limits.batches()));
        }
        if (model.how().clips() && !model.manual()) {
            config.clip(Clip.norm(0.1));
        }
        if (validation.every() > 0) {
            config.validateEvery(Limit.batches(validation.every())).acrossEpochs();
        } else if (validation.every() < 0 && loading.counted()) {
            config.validateEvery(Limit.fraction(0.5));
        }
    }

    /// Makes its sources when it is asked for them, tensors and all, as a data module may.
    DataModule data() {
        return new DataModule() {
            @Override
            public BatchSource trainBatches() {
                return source("train", loading.samples());
            }

            @Override
            public List<BatchSource> validationBatches() {
                var sources = new ArrayList<BatchSource>();
                for (int i = 0; i < validation.loaders(); i++) {
                    sources.add(source("validation " + i, 1 + i));
                }
                return sources;
            }
        };
    }

    private BatchSource source(String name, int samples) {
        var key = RandomKey.of(seed).fold(name);
        var inputs = Tensor.normal(key.fold("inputs"), Shape.of(samples, TinyModule.INPUTS));
        var targets = new long[samples];
        for (int i = 0; i < samples; i++) {
            targets[i] = key.fold("targets").below(i, TinyModule.CLASSES);
        }
        var loader =
                DataLoader.of(
                        TensorDataset.of(inputs, Tensor.of(targets)),
                        config -> {
                            config.batchSize(loading.batchSize()).prefetch(loading.prefetch());
                            if (loading.shuffled()) {
                                config.shuffle(key);
                            }
                        });
        return loading.counted() ? loader : new Uncounted(loader);
    }

    /// A source that only finds out where it ends.
    private record Uncounted(BatchSource inner) implements BatchSource {
        @Override
        public OptionalInt batchCount() {
            return OptionalInt.empty();
        }

        @Override
        public BatchCursor open(long epoch, long position) {
            return inner.open(epoch, position);
        }
    }
}
