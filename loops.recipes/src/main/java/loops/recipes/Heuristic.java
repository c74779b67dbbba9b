package loops.recipes;

import tensor.api.Axes;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.Shape;

/// Tells how much the labels of samples are wanted, from what a module predicts for them: the higher a score, the more.
///
/// With several passes, which differ by what dropout drops, the mean over the passes is what the module predicts.
@FunctionalInterface
public interface Heuristic {
    /// {@return a score for each sample} Shapes: `[passes, batch, classes]` → `[batch]`.
    ///
    /// @param probabilities of the classes
    /// @param key where random numbers come from, another one for each batch
    Tensor scores(Tensor probabilities, RandomKey key);

    /// {@return one that draws, whatever is predicted}
    static Heuristic random() {
        return (probabilities, key) -> Tensor.uniform(key, Shape.of(probabilities.size(1)));
    }

    /// {@return the entropy of what is predicted: `−Σ p log p`, in nats}
    static Heuristic entropy() {
        return (probabilities, _) -> entropy(probabilities.mean(0));
    }

    /// {@return minus the distance from the most probable class to the second: 0 where both are equal}
    static Heuristic margin() {
        return (probabilities, _) -> {
            Tensor best = probabilities.mean(0).topK(2, 1).values();
            return best.select(1, 1).sub(best.select(1, 0));
        };
    }

    /// {@return 1 minus the probability of the most probable class} As in Gal, Islam, Ghahramani: Deep Bayesian Active Learning
    /// with Image Data, 2017.
    static Heuristic variationRatios() {
        return (probabilities, _) -> probabilities.mean(0).max(1).neg().add(1);
    }

    /// {@return what the label would tell of the module: the entropy of what is predicted, less the mean entropy of the
    /// passes} Houlsby et al.: Bayesian Active Learning by Disagreement, 2011. It needs several passes.
    static Heuristic bald() {
        return (probabilities, _) -> {
            if (probabilities.size(0) < 2) {
                throw new IllegalArgumentException(
                        "Heuristic.bald: there is 1 pass, which cannot disagree; ask for 2 passes or more");
            }
            return entropy(probabilities.mean(0)).sub(entropy(probabilities).mean(0));
        };
    }

    /// What is impossible adds nothing, as `p log p` goes to 0.
    private static Tensor entropy(Tensor p) {
        Tensor safe = p.maximum(Float.MIN_NORMAL);
        return p.mul(safe.log()).sum(Axes.of(-1)).neg();
    }
}
