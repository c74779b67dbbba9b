package loops.core.tune;

/// A module whose learning rate may be chosen from outside.
public interface TunableModule {

    /// Sets the learning rate of the optimizers that the module configures from now on.
    ///
    /// @param rate above 0
    void learningRate(double rate);
}
