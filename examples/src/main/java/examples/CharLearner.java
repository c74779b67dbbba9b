package examples;

import java.util.function.IntFunction;
import loops.core.training.Step;
import loops.core.training.TrainingModule;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Losses;

/// What learns which character follows. Losses are nats a character.
abstract class CharLearner extends TrainingModule {
    /// {@return scores of the character that follows each of a batch, `[batch · steps, alphabet]`}
    ///
    /// @param characters their numbers, `[batch, steps]`
    /// @param step carries hidden state where there is one
    abstract Tensor scores(Tensor characters, Step step);

    /// {@return what reads a text character by character, and gives the scores of the one that follows, `[alphabet]`}
    abstract IntFunction<Tensor> reader();

    /// {@return scores with a row for each character}
    ///
    /// @param scores `[batch, steps, alphabet]`
    static Tensor flat(Tensor scores) {
        return scores.reshape(scores.size(0) * scores.size(1), scores.size(2));
    }

    private Tensor loss(Batch windows, Step step) {
        return Losses.crossEntropy(scores(windows.input(), step), windows.target().flatten());
    }

    @Override
    public final Tensor trainingStep(Batch windows, Step step) {
        Tensor loss = loss(windows, step);
        step.log("loss", loss);
        return loss;
    }

    @Override
    public final void validationStep(Batch windows, Step step) {
        step.log("val_loss", loss(windows, step));
    }
}
