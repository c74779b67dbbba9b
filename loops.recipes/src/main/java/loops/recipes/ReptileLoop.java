package loops.recipes;

import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tensor.api.Parameter;
import tensor.api.Tensor;

/// Meta-learning without gradients through learning: the parameters move towards where the inner loop has come to,
/// `θ ← θ + ε·mean(θ' − θ)` with plain SGD of rate `ε`. The loss of the step with the adapted weights is only measured.
///
/// ```java
/// trainer.slots().optimizer().replace(old -> new ReptileLoop(
///         new AdaptationLoop(config -> config.steps(10).rate(0.02).firstOrder())));
/// ```
///
/// Nichol et al.: On First-Order Meta-Learning Algorithms, 2018. What the optimizer gets as gradient is `mean(θ − θ')`: that of half
/// the squared distance to the adapted weights, which stand still. Parameters that are not adapted do not learn.
public class ReptileLoop extends MetaLearningLoop {
    /// Reptile by an inner loop.
    ///
    /// @param inner adapts the module to tasks; best of first order, as nothing is differentiated through it
    public ReptileLoop(AdaptationLoop inner) {
        super(inner);
    }

    @Override
    protected @Nullable Tensor metaLoss(
            TaskModule module,
            SequencedMap<String, Tensor> adapted,
            Supplier<@Nullable Tensor> trainingStep) {
        Tensor.noGrad(() -> module.with(adapted, () -> trainingStep.get()));
        var parameters = module.namedParameters();
        var distance =
                adapted.entrySet().stream()
                        .map(weight -> squared(parameters.get(weight.getKey()), weight.getValue()))
                        .reduce(Tensor::add)
                        .orElseThrow();
        int tasks = adapted.firstEntry().getValue().size(0);
        return distance.div(2.0 * tasks);
    }

    private static Tensor squared(@Nullable Parameter parameter, Tensor adapted) {
        Tensor value = Objects.requireNonNull(parameter).value();
        return value.sub(adapted.detach()).square().sum();
    }
}
