package examples;

import java.util.function.BiConsumer;
import loops.core.training.BatchResult;
import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.data.Batch;
import tensor.nn.Functional;

/// Lets the network write after every so many steps. Each text is a pure function of the weights, the key and the step, so there is
/// nothing to save.
///
/// @param novel whose alphabet is written
/// @param key where the texts come from
/// @param every after how many steps
/// @param length of a text, in characters
/// @param told takes the view of the run and the text
record TextSamples(
        Novel novel, RandomKey key, int every, int length, BiConsumer<RunView, String> told)
        implements Callback {
    // @start region=write
    @Override
    public void onTrainBatchEnd(RunView run, BatchResult result, Batch batch, int index) {
        if (run.globalStep() % every == 0) {
            var learner = (CharLearner) run.module();
            told.accept(run, Tensor.noGrad(() -> text(learner, key.fold(run.globalStep()))));
        }
    }

    // @end region=write

    /// {@return a text that begins with what may follow a full stop}
    private String text(CharLearner learner, RandomKey ofText) {
        var next = learner.reader();
        int[] text = new int[length];
        int before = novel.alphabet().indexOf('.');
        for (int i = 0; i < length; i++) {
            text[i] = draw(next.apply(before), ofText.uniform(i));
            before = text[i];
        }
        return novel.text(text);
    }

    /// {@return a character, each drawn as often as the scores say}
    private static int draw(Tensor scores, double uniform) {
        double[] chances = Functional.softmax(scores, 0).toDoubles();
        int drawn = 0;
        for (double left = uniform - chances[0]; left >= 0 && drawn < chances.length - 1; ) {
            drawn++;
            left -= chances[drawn];
        }
        return drawn;
    }
}
