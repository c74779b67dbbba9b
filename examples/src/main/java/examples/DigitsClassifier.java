package examples;

import static loops.core.training.LogFlag.ON_EPOCH;
import static tensor.nn.Functional.accuracy;
import static tensor.nn.Functional.softmax;
import static tensor.nn.Losses.crossEntropy;

import java.util.List;
import java.util.function.Function;
import loops.core.training.OptimizerPlan;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.Parameter;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Activation;
import tensor.nn.Dropout;
import tensor.nn.Linear;
import tensor.nn.Sequential;
import tensor.optim.Optimizer;

/// A small network that reads handwritten digits: 64 pixels to 10 classes.
final class DigitsClassifier extends TrainingModule {
    private final Sequential net;
    private final Function<List<Parameter>, Optimizer> optimizer;

    /// One hidden layer, as in most examples.
    ///
    /// @param hidden its units
    /// @param optimizer trains the parameters
    DigitsClassifier(int hidden, Function<List<Parameter>, Optimizer> optimizer) {
        this(
                Sequential.of(
                        Linear.of(Digits.PIXELS, hidden),
                        Activation.RELU,
                        Linear.of(hidden, Digits.CLASSES)),
                optimizer);
    }

    /// @param net 64 pixels to 10 classes
    /// @param optimizer trains the parameters
    DigitsClassifier(Sequential net, Function<List<Parameter>, Optimizer> optimizer) {
        this.net = child("net", net);
        this.optimizer = optimizer;
    }

    /// {@return one with a hidden layer of which half is dropped in training}
    ///
    /// @param hidden its units
    /// @param optimizer trains the parameters
    static DigitsClassifier withDropout(
            int hidden, Function<List<Parameter>, Optimizer> optimizer) {
        return new DigitsClassifier(
                Sequential.of(
                        Linear.of(Digits.PIXELS, hidden),
                        Activation.RELU,
                        Dropout.of(0.5),
                        Linear.of(hidden, Digits.CLASSES)),
                optimizer);
    }

    /// {@return the mean loss of a batch}
    Tensor loss(Batch batch) {
        return crossEntropy(net.apply(batch.input()), batch.target());
    }

    @Override
    public Tensor trainingStep(Batch batch, Step step) {
        Tensor loss = loss(batch);
        step.log("loss", loss, ON_EPOCH);
        return loss;
    }

    @Override
    public void validationStep(Batch batch, Step step) {
        Tensor logits = net.apply(batch.input());
        step.log("val_loss", crossEntropy(logits, batch.target()));
        step.log("val_acc", accuracy(logits, batch.target()));
    }

    /// {@return the probability of each class}
    @Override
    public Tensor predictStep(Batch batch, Step step) {
        return softmax(net.apply(batch.input()), 1);
    }

    @Override
    public OptimizerPlan configureOptimizers() {
        return OptimizerPlan.of(optimizer.apply(parameters()));
    }
}
