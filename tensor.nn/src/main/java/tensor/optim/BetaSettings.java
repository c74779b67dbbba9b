package tensor.optim;

/// The settings of the optimizers of the Adam family.
///
/// @param <C> the configuration itself
public abstract class BetaSettings<C extends BetaSettings<C>> extends CommonSettings<C> {
    private final String optimizer;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;

    BetaSettings(String optimizer, double weightDecay) {
        super(optimizer, weightDecay);
        this.optimizer = optimizer;
    }

    /// Sets what is kept of the running mean and of the running size at each step; each from 0 to below 1. 0.9 and 0.999
    /// unless said otherwise.
    ///
    /// @param mean for the running mean
    /// @param size for the running mean square or largest absolute value
    /// @return this
    public C betas(double mean, double size) {
        beta1 = Settings.fraction(optimizer, "beta1", mean);
        beta2 = Settings.fraction(optimizer, "beta2", size);
        return self();
    }

    /// Sets what is added to the divisor, from 0; 1e-8 unless said otherwise.
    ///
    /// @param value the new setting
    /// @return this
    public C epsilon(double value) {
        epsilon = Settings.notNegative(optimizer, "epsilon", value);
        return self();
    }
}
