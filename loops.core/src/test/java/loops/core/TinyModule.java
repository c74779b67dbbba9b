package loops.core;

import java.util.ArrayList;
import java.util.List;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Dropout;
import tensor.nn.Functional;
import tensor.nn.Linear;
import tensor.nn.RandomStream;
import tensor.optim.Adam;
import tensor.optim.Optimizer;
import tensor.optim.Sgd;

/// Two linear layers with dropout between them, and a random state of its own.
class TinyModule extends TrainingModule {
    static final int INPUTS = 3;
    static final int CLASSES = 2;

    private final Linear hidden = child("hidden", Linear.of(INPUTS, 4));
    private final Dropout dropout;
    private final Linear out = child("out", Linear.of(4, CLASSES));
    private final RandomStream noise = random("noise");
    private final FitSpec.Model model;

    TinyModule(FitSpec.Model model) {
        this.model = model;
        dropout = child("dropout", Dropout.of(model.dropout()));
    }

    private Tensor loss(Batch batch) {
        var features = dropout.apply(hidden.apply(batch.input()).tanh());
        return Functional.crossEntropy(out.apply(features), batch.target());
    }

    /// Starts the random state anew, as if it were not saved.
    void forgetNoise() {
        noise.seed(RandomKey.of(0));
    }

    @Override
    public Tensor trainingStep(Batch batch, Step step) {
        if (step.optimizerIndex() == 0) {
            step.log("noise", noise.next().uniform(0));
        }
        if (model.manual()) {
            for (int i = 0; i < model.optimizers(); i++) {
                if (step.batchIndex() % 2 == 0) {
                    step.zeroGrad(i);
                }
                step.backward(loss(batch));
                step.optimizerStep(i);
            }
        }
        var loss = loss(batch);
        step.log("loss", loss);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, Step step) {
        step.log("val_loss", loss(batch));
        step.log("val_noise", noise.next().uniform(0));
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        var optimizers = new ArrayList<Optimizer>();
        var first = model.optimizers() == 1 ? parameters() : hidden.parameters();
        optimizers.add(
                model.adam()
                        ? Adam.of(first, 0.05)
                        : Sgd.of(first, 0.1, config -> config.momentum(0.9)));
        if (model.optimizers() > 1) {
            optimizers.add(Sgd.of(out.parameters(), 0.1, config -> config.weightDecay(0.01)));
        }
        return OptimizerPlan.of(optimizers.toArray(Optimizer[]::new));
    }

    @Override
    public boolean automaticOptimization() {
        return !model.manual();
    }
}
