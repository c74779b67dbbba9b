package tensor.nn;

/// How a layer that normalizes is made, set in a chain of calls.
public final class NormConfig {
    private double epsilon = 1e-5;
    private double momentum = 0.1;
    private boolean affine = true;

    NormConfig() {}

    /// Sets what is added to the variance; 1e-5 if not set.
    ///
    /// @param value a number from 0
    /// @return this
    /// @throws IllegalArgumentException if it is out of its range
    public NormConfig epsilon(double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(
                    "NormConfig: epsilon is %s; use a number from 0".formatted(value));
        }
        epsilon = value;
        return this;
    }

    /// Sets the share that each batch has in the running statistics of a [BatchNorm]; 0.1 if not set.
    ///
    /// @param share from 0 to 1
    /// @return this
    /// @throws IllegalArgumentException if it is out of its range
    public NormConfig momentum(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "NormConfig: momentum is %s; use a number from 0 to 1".formatted(share));
        }
        momentum = share;
        return this;
    }

    /// Leaves out the learned factor and summand.
    ///
    /// @return this
    public NormConfig noAffine() {
        affine = false;
        return this;
    }

    double epsilon() {
        return epsilon;
    }

    double momentum() {
        return momentum;
    }

    boolean affine() {
        return affine;
    }
}
