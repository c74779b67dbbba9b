package loops.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.testkit.Scenario;
import loops.core.loop.EvaluationLoop;
import loops.core.loop.FitLoop;
import loops.core.loop.TrainingBatchLoop;
import loops.core.loop.TrainingEpochLoop;
import loops.core.training.DataModule;
import loops.core.training.FitPlan;
import loops.core.training.FitResult;
import loops.core.training.FitRun;
import loops.core.training.OptimizerPlan;
import loops.core.training.SequenceSplit;
import loops.core.training.Step;
import loops.core.training.TensorState;
import loops.core.training.TrainingModule;
import loops.core.training.TrainingScope;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.data.BatchSource;
import tensor.data.DataLoader;
import tensor.data.Sampler;
import tensor.data.TensorDataset;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.nn.Linear;
import tensor.nn.Losses;
import tensor.nn.Lstm;
import tensor.nn.Recurrent;
import tensor.optim.Adam;
import tensor.optim.Optimizer;

/// A small LSTM on streams of random numbers, in float64.
///
/// @param seed where all that is random comes from
/// @param streams that go on side by side
/// @param windows of a stream
/// @param steps of a window
/// @param optimizers none, one for all parameters, or one for the LSTM and one for what reads it
/// @param split whether windows are split along time again
record SmallStreams(long seed, int streams, int windows, int steps, int optimizers, boolean split) {
    private static final int EPOCHS = 2;

    /// Makes equal objects each time.
    Supplier<Scenario<FitRun, FitResult>> scenarios() {
        return () -> {
            var run = run(module());
            return new Scenario<>(loop(), run, run.scope());
        };
    }

    FitLoop loop() {
        var fit = new FitLoop();
        var epoch = fit.epochLoop().get(TrainingEpochLoop.class);
        epoch.batchLoop()
                .get(TrainingBatchLoop.class)
                .optimizerLoop()
                .replace(_ -> new TbpttLoop());
        epoch.validationLoop()
                .get(EvaluationLoop.class)
                .epochLoop()
                .replace(_ -> new StreamEvaluationLoop());
        return fit;
    }

    Reader module() {
        var module = new Reader(this);
        module.initialize(RandomKey.of(seed).fold("module"), DType.FLOAT64);
        return module;
    }

    FitRun run(TrainingModule module) {
        return run(module, FitPlan.of(config -> config.maxEpochs(EPOCHS)));
    }

    FitRun run(TrainingModule module, FitPlan plan) {
        return FitRun.of(
                TrainingScope.of(module, RandomKey.of(seed)),
                DataModule.of(source("train"), source("validation")),
                plan);
    }

    BatchSource source(String name) {
        int count = streams * windows;
        int length = count * steps;
        var numbers =
                Tensor.normal(RandomKey.of(seed).fold(name), Shape.of(length + 1), DType.FLOAT64);
        var shape = Shape.of(count, steps, 1);
        var all =
                TensorDataset.of(
                        numbers.slice(0, 0, length).reshape(shape),
                        numbers.slice(0, 1, length + 1L).reshape(shape));
        return DataLoader.of(
                all, config -> config.batchSize(streams).sampler(Sampler.streams(count, streams)));
    }

    /// What a fit comes to.
    ///
    /// @param module the state of the module
    /// @param validation the loss of the last validation
    record Learned(Fields module, double validation) {}

    Learned byLoop() {
        var module = module();
        var run = run(module);
        loop().run(run);
        return new Learned(
                TensorState.fields(module.stateDict()),
                run.scope().metrics().get("val_loss").orElseThrow());
    }

    // ---- by hand

    /// {@return what plain nested loops come to, where each optimizer remembers a state of its own}
    Learned byHand() {
        var module = module();
        var learning = module.optimizers();
        double validation = Double.NaN;
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            var states = new ArrayList<List<Tensor>>();
            learning.forEach(_ -> states.add(List.of()));
            try (var batches = source("train").open(epoch, 0)) {
                while (batches.hasNext()) {
                    Batch batch = batches.next();
                    for (int part = 0; part < (split ? steps : 1); part++) {
                        Batch samples = split ? Reader.SPLIT.part(batch, part) : batch;
                        for (int i = 0; i < learning.size(); i++) {
                            states.set(i, step(module, learning.get(i), samples, states.get(i)));
                        }
                    }
                }
            }
            validation = Tensor.noGrad(() -> Tensor.scalar(validation(module))).item();
        }
        return new Learned(TensorState.fields(module.stateDict()), validation);
    }

    private static List<Tensor> step(
            Reader module, Optimizer optimizer, Batch batch, List<Tensor> before) {
        optimizer.zeroGrad();
        var read = module.read(batch, before);
        module.loss(read, batch).backward(optimizer.parameters());
        optimizer.step();
        return read.state().stream().map(Tensor::detach).toList();
    }

    private double validation(Reader module) {
        double sum = 0;
        List<Tensor> state = List.of();
        try (var batches = source("validation").open(0, 0)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                var read = module.read(batch, state);
                sum += module.loss(read, batch).item();
                state = read.state();
            }
        }
        return sum / windows;
    }

    /// Guesses the next number of a stream.
    static final class Reader extends TrainingModule {
        static final SequenceSplit SPLIT =
                SequenceSplit.every(1).along("input", 1).along("target", 1);

        private final Lstm lstm = child("lstm", Lstm.of(1, 3));
        private final Linear out = child("out", Linear.of(3, 1));
        private final SmallStreams of;

        /// The states that steps began with, by the first number of each; none where a stream begins.
        final List<List<Double>> seen = new ArrayList<>();

        Reader(SmallStreams of) {
            this.of = of;
        }

        Recurrent.Result read(Batch batch, List<Tensor> before) {
            return before.isEmpty() ? lstm.run(batch.input()) : lstm.run(batch.input(), before);
        }

        Tensor loss(Recurrent.Result read, Batch batch) {
            return Losses.mse(out.apply(read.outputs()), batch.target());
        }

        private Tensor loss(Batch batch, Step step) {
            var read = read(batch, step.hidden());
            step.carry(read.state().toArray(Tensor[]::new));
            return loss(read, batch);
        }

        @Override
        public Tensor trainingStep(Batch batch, Step step) {
            seen.add(
                    step.hidden().stream()
                            .map(state -> state.flatten().select(0, 0).item())
                            .toList());
            return loss(batch, step);
        }

        @Override
        public void validationStep(Batch batch, Step step) {
            step.log("val_loss", loss(batch, step));
        }

        @Override
        public Optional<SequenceSplit> sequenceSplit() {
            return of.split ? Optional.of(SPLIT) : Optional.empty();
        }

        List<Optimizer> optimizers() {
            return switch (of.optimizers) {
                case 0 -> List.of();
                case 1 -> List.of(Adam.of(parameters(), 0.05));
                default ->
                        List.of(Adam.of(lstm.parameters(), 0.05), Adam.of(out.parameters(), 0.05));
            };
        }

        @Override
        public OptimizerPlan configureOptimizers() {
            return OptimizerPlan.of(optimizers().toArray(Optimizer[]::new));
        }
    }
}
