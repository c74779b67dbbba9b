package tensor.nn;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;

/// The computation behind [Losses#binaryCrossEntropy] and [Losses#binaryCrossEntropyWithLogits(Tensor, Tensor, Consumer)].
public final class BinaryCrossEntropy {
    /// Logarithms are not below it, so that a probability of 0 gives a finite loss.
    private static final double LEAST_LOG = -100;

    /// The least divisor of the derivative.
    private static final double LEAST_DIVISOR = 1e-12;

    private final Config config;

    private BinaryCrossEntropy(Config config) {
        this.config = config;
    }

    static BinaryCrossEntropy of(Consumer<Config> config) {
        Config chosen = new Config();
        config.accept(chosen);
        return new BinaryCrossEntropy(chosen);
    }

    /// What is changed in the plain loss, set in a chain of calls.
    public static final class Config {
        private Reduction reduction = Reduction.MEAN;
        private @Nullable Tensor weights;
        private @Nullable Tensor positiveWeights;

        private Config() {}

        /// Sets what becomes of the single losses; the mean is taken unless said otherwise.
        ///
        /// @param value the reduction
        /// @return this
        public Config reduction(Reduction value) {
            reduction = value;
            return this;
        }

        /// Sets how much each loss counts. The mean divides by their number all the same.
        ///
        /// @param value of a shape that broadcasts to that of the losses
        /// @return this
        public Config weights(Tensor value) {
            weights = value;
            return this;
        }

        /// Sets how much the share of yes counts in a loss.
        ///
        /// @param value of a shape that broadcasts to that of the losses
        /// @return this
        public Config positiveWeights(Tensor value) {
            positiveWeights = value;
            return this;
        }
    }

    /// `(1 − t)·x + (1 + (w − 1)·t)·softplus(−x)` with the weight w of yes.
    Tensor ofLogits(Tensor logits, Tensor targets) {
        Tensor bend = Activations.softplus(logits.neg());
        if (config.positiveWeights != null) {
            bend = bend.mul(config.positiveWeights.sub(1).mul(targets).add(1));
        }
        return reduced(targets.neg().add(1).mul(logits).add(bend));
    }

    /// With derivatives of its own: those of the logarithms would be infinite at 0 and 1.
    Tensor ofProbabilities(Tensor probabilities, Tensor targets) {
        Tensor positive = config.positiveWeights;
        Tensor share = positive == null ? targets : targets.mul(positive);
        return reduced(
                Tensor.custom(
                        "binaryCrossEntropy",
                        List.of(probabilities, share, targets.neg().add(1)),
                        in -> loss(in.get(0), in.get(1), in.get(2)),
                        (i, in, _, g) -> g.mul(slope(i, in.get(0), in.get(1), in.get(2)))));
    }

    private static Tensor loss(Tensor p, Tensor yes, Tensor no) {
        return yes.mul(log(p)).add(no.mul(log(p.neg().add(1)))).neg();
    }

    /// `(no·p − yes·(1 − p)) / (p·(1 − p))` by p.
    private static Tensor slope(int input, Tensor p, Tensor yes, Tensor no) {
        Tensor rest = p.neg().add(1);
        return switch (input) {
            case 0 -> no.mul(p).sub(yes.mul(rest)).div(rest.mul(p).maximum(LEAST_DIVISOR));
            case 1 -> log(p).neg();
            default -> log(rest).neg();
        };
    }

    private static Tensor log(Tensor p) {
        return p.log().maximum(LEAST_LOG);
    }

    private Tensor reduced(Tensor losses) {
        return config.reduction.apply(config.weights == null ? losses : losses.mul(config.weights));
    }
}
