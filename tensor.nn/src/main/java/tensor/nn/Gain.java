package tensor.nn;

/// By how much first values are larger because of what stands behind a layer: it makes numbers smaller.
///
/// The numbers are those of PyTorch's `calculate_gain`.
public final class Gain {
    /// Nothing stands behind it, or sigmoid: 1.
    public static final double LINEAR = 1;

    /// [Activation#RELU] stands behind it: √2.
    public static final double RELU = Math.sqrt(2);

    /// [Activation#TANH] stands behind it: 5/3.
    public static final double TANH = 5.0 / 3;

    private Gain() {}

    /// {@return the gain where [Activations#leakyRelu] stands behind it: √(2 / (1 + slope²))}
    ///
    /// @param slope of the negative side
    public static double leakyRelu(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }
}
