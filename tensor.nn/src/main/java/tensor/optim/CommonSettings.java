package tensor.optim;

import java.util.ArrayList;
import java.util.List;

/// The settings that all optimizers built of transforms have.
///
/// @param <C> the configuration itself
public abstract class CommonSettings<C extends CommonSettings<C>> {
    private final String optimizer;
    private double weightDecay;
    private boolean maximize = false;

    CommonSettings(String optimizer, double weightDecay) {
        this.optimizer = optimizer;
        this.weightDecay = weightDecay;
    }

    /// Sets the factor of the parameter that is added to its gradient, from 0; 0 unless said otherwise.
    ///
    /// @param value the new setting
    /// @return this
    public C weightDecay(double value) {
        weightDecay = Settings.notNegative(optimizer, "weightDecay", value);
        return self();
    }

    /// Climbs instead of descending.
    ///
    /// @return this
    public C maximize() {
        maximize = true;
        return self();
    }

    abstract C self();

    /// {@return the stages of the method with what comes before and after them}
    ///
    /// @param decoupled whether weight decay acts on the parameter itself, past the stages
    final GradientTransform<?> around(boolean decoupled, GradientTransform<?>... stages) {
        List<GradientTransform<?>> all = new ArrayList<>();
        if (maximize) {
            all.add(Transforms.scale(-1));
        }
        if (weightDecay != 0 && !decoupled) {
            all.add(Transforms.addDecayedWeights(weightDecay));
        }
        all.addAll(List.of(stages));
        if (weightDecay != 0 && decoupled) {
            all.add(Transforms.addDecayedWeights(weightDecay));
        }
        return Transforms.chain(all);
    }
}
