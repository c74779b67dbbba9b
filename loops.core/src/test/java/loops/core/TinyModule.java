package loops.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.core.training.BatchResult;
import loops.core.training.Clip;
import loops.core.training.LogFlag;
import loops.core.training.OptimizerPlan;
import loops.core.training.PlannedOptimizer;
import loops.core.training.Reduce;
import loops.core.training.RunView;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.StepResult;
import loops.core.training.TrainingModule;
import org.jspecify.annotations.Nullable;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.layout.Shape;
import tensor.nn.Dropout;
import tensor.nn.Embedding;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.RandomStream;
import tensor.optim.Adam;
import tensor.optim.Optimizer;
import tensor.optim.ReduceOnPlateau;
import tensor.optim.Scheduler;
import tensor.optim.Schedules;
import tensor.optim.Sgd;

/// A recurrent layer over the inputs as a sequence, dropout, a linear layer, and a random state of its own.
class TinyModule extends TrainingModule {
    static final int INPUTS = 3;
    static final int CLASSES = 2;

    private final Linear hidden = child("hidden", Linear.of(1, 4));
    private final Dropout dropout;
    private final Embedding table = child("table", Embedding.of(4 * CLASSES, 4).rowSparse());
    private final Linear out = child("out", Linear.of(4, CLASSES));
    private final RandomStream noise = random("noise");
    private final FitSpec.Model model;

    TinyModule(FitSpec.Model model) {
        this.model = model;
        dropout = child("dropout", Dropout.of(model.dropout()));
    }

    private Tensor features(Batch batch, Tensor before) {
        Tensor state = before;
        for (int time = 0; time < batch.input().size(1); time++) {
            var input = batch.input().slice(1, time, time + 1);
            state = hidden.apply(input).add(state.mul(0.5)).tanh();
        }
        return model.how().looksUp() ? state.add(table.apply(batch.target().mul(3))) : state;
    }

    private Tensor loss(Batch batch, Tensor features) {
        return Losses.crossEntropy(out.apply(dropout.apply(features)), batch.target());
    }

    private static Tensor silence(Batch batch) {
        return Tensor.zeros(Shape.of(batch.size(), 4));
    }

    /// Starts the random state anew, as if it were not saved.
    void forgetNoise() {
        noise.seed(RandomKey.of(0));
    }

    @Override
    public @Nullable Tensor trainingStep(Batch batch, Step step) {
        if (step.optimizerIndex() == 0) {
            step.log("noise", noise.next().uniform(0));
        }
        boolean splits = model.how().split() > 0;
        var before = splits && !step.hidden().isEmpty() ? step.hidden().getFirst() : silence(batch);
        if (model.manual()) {
            for (int i = 0; i < model.optimizers(); i++) {
                if (step.batchIndex() % 2 == 0) {
                    step.zeroGrad(i);
                }
                step.backward(loss(batch, features(batch, before)));
                step.optimizerStep(i);
                step.optimization().schedulers(i).stream()
                        .filter(scheduler -> !scheduler.monitorsMetric())
                        .forEach(scheduler -> scheduler.scheduler().step());
            }
        }
        var features = features(batch, before);
        if (splits) {
            step.carry(features);
        }
        step.output("features", features);
        if (model.how().skips() && step.batchIndex() % 3 == 1) {
            return null;
        }
        var loss = loss(batch, features);
        step.log("loss", loss, LogFlag.ON_STEP, LogFlag.ON_EPOCH, LogFlag.PROGRESS_BAR);
        return loss;
    }

    @Override
    public void trainingEpochEnd(RunView run, List<BatchResult> results) {
        run.log("kept", results.size());
    }

    @Override
    public void validationStep(Batch batch, Step step) {
        var features = features(batch, silence(batch));
        step.output("features", features);
        step.log("val_loss", loss(batch, features));
        step.log("val_noise", noise.next().uniform(0), LogFlag.ON_STEP, Reduce.MAX);
    }

    @Override
    public void validationEpochEnd(RunView run, List<List<StepResult>> results) {
        run.log("val_kept", results.stream().mapToInt(List::size).sum());
    }

    @Override
    public Optional<SequenceSplit> sequenceSplit() {
        int every = model.how().split();
        return every == 0
                ? Optional.empty()
                : Optional.of(SequenceSplit.every(every).along("input", 1));
    }

    @Override
    public boolean keepsResults() {
        return model.how().keeps();
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        var optimizers = new ArrayList<PlannedOptimizer>();
        var first = model.optimizers() == 1 ? parameters() : hidden.parameters();
        optimizers.add(
                planned(
                        model.adam()
                                ? Adam.of(first, 0.05)
                                : Sgd.of(first, 0.1, config -> config.momentum(0.9)),
                        1));
        if (model.optimizers() > 1) {
            optimizers.add(
                    planned(Sgd.of(out.parameters(), 0.1, config -> config.weightDecay(0.01)), 2));
        }
        return OptimizerPlan.of(optimizers.toArray(PlannedOptimizer[]::new));
    }

    private PlannedOptimizer planned(Optimizer optimizer, int frequency) {
        var planned = PlannedOptimizer.of(optimizer);
        if (model.how().frequencies() && model.optimizers() > 1) {
            planned = planned.frequency(frequency);
        }
        if (model.how().clips()) {
            planned = planned.clip(Clip.value(0.2));
        }
        return model.how().schedulers() ? scheduled(planned, optimizer) : planned;
    }

    private static PlannedOptimizer scheduled(PlannedOptimizer planned, Optimizer optimizer) {
        return planned.schedule(
                        Scheduler.of(optimizer, Schedules.exponential(0.9)),
                        scheduler -> scheduler.perStep().every(2))
                .schedule(Scheduler.of(optimizer, Schedules.exponential(0.8)))
                .schedule(
                        ReduceOnPlateau.of(optimizer, config -> config.patience(0)),
                        scheduler -> scheduler.monitoring("val_loss").lenient())
                .schedule(
                        ReduceOnPlateau.of(optimizer, config -> config.patience(0)),
                        scheduler -> scheduler.perStep().monitoring("loss").lenient());
    }

    @Override
    public boolean automaticOptimization() {
        return !model.manual();
    }
}
