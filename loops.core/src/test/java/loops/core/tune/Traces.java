package loops.core.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.api.Subscription;
import loops.api.testkit.Scenario;
import loops.core.Resume;
import loops.core.Trainer;
import loops.core.TrainerConfig;
import loops.core.logger.MemoryLogger;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.Hooks;
import loops.core.training.RunView;
import loops.core.training.SaveRequest;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;
import tensor.data.Batch;

/// What a fit leaves, so that two of them can be compared to the last bit.
final class Traces {
    private Traces() {}

    /// All that a fit leaves.
    ///
    /// @param result what it came to
    /// @param scope what was alive at its end
    /// @param heard the hooks of its batches and epochs
    /// @param rows what was logged
    /// @param loops the counters of the loop that fits
    record Trace(FitResult result, Fields scope, List<String> heard, Object rows, Fields loops) {}

    /// Listens to a fit.
    static final class Ear implements Callback {
        final List<String> heard = new ArrayList<>();
        final List<Object> found = new ArrayList<>();
        Optional<Fields> scope = Optional.empty();

        @Override
        public void onTrainStart(RunView run) {
            heard.add("start");
        }

        @Override
        public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int batchIndex) {
            heard.add(
                    "epoch %d batch %d step %d loss %s"
                            .formatted(run.epoch(), batchIndex, run.globalStep(), result.loss()));
        }

        @Override
        public void onFitEnd(RunView run) {
            scope = Optional.of(run.scope().stateDict());
        }

        @Override
        public List<Subscription<?>> subscriptions() {
            return List.of(
                    new Subscription<>(LearningRateFound.class, found::add),
                    new Subscription<>(BatchSizeFound.class, found::add));
        }
    }

    /// {@return what a fit leaves}
    ///
    /// @param around stands around the loop that fits
    static Trace of(
            TrainingModule module,
            DataModule data,
            UnaryOperator<Loop<FitRun, FitResult>> around,
            Consumer<TrainerConfig> more) {
        return of(module, data, around, more, Resume.never());
    }

    static Trace of(
            TrainingModule module,
            DataModule data,
            UnaryOperator<Loop<FitRun, FitResult>> around,
            Consumer<TrainerConfig> more,
            Resume resume) {
        var ear = new Ear();
        var logger = MemoryLogger.of();
        var trainer = trainer(ear, logger, more);
        var inner = trainer.slots().fit().get();
        trainer.slots().fit().replace(around);
        var result = trainer.fit(module, data, resume);
        return new Trace(result, ear.scope.orElseThrow(), ear.heard, logger.rows(), inner.values());
    }

    static Trainer trainer(Ear ear, MemoryLogger logger, Consumer<TrainerConfig> more) {
        return Trainer.of(config ->
                more.accept(
                        config.maxEpochs(2)
                                .seed(3)
                                .plan(plan -> plan.logEvery(1))
                                .callbacks(ear)
                                .loggers(logger)));
    }

    /// {@return a loop with all it works on, to be cut anywhere}
    static Scenario<FitRun, FitResult> scenario(
            Loop<FitRun, FitResult> loop, TrainingModule module, DataModule data) {
        var run =
                new FitRun(
                        TrainingScope.of(module, RandomKey.of(5)),
                        data,
                        new Hooks(List.of(), module),
                        FitPlan.of(config -> config.maxEpochs(2)),
                        new SaveRequest());
        return new Scenario<>(
                loop,
                run,
                new Stateful() {
                    @Override
                    public Fields stateDict() {
                        return run.scope().stateDict();
                    }

                    @Override
                    public void loadStateDict(Fields state) {
                        run.scope().loadStateDict(state);
                    }
                });
    }
}
