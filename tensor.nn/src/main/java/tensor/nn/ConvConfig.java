package tensor.nn;

import org.jspecify.annotations.Nullable;

/// How a convolution layer is made, set in a chain of calls.
public final class ConvConfig {
    private Convolution how;
    private int[] extra = {0};
    private boolean hasBias = true;
    private @Nullable Init weight;
    private @Nullable Init bias;

    ConvConfig(int axes) {
        how = Convolution.of(axes);
    }

    /// Sets the distance of two places of the kernel; 1 if not set.
    ///
    /// @param sizes one for each axis, or one for all
    /// @return this
    public ConvConfig stride(int... sizes) {
        how = how.stride(sizes);
        return this;
    }

    /// Sets the zeros on both sides; 0 if not set.
    ///
    /// @param sizes one for each axis, or one for all
    /// @return this
    public ConvConfig padding(int... sizes) {
        how = how.padding(sizes);
        return this;
    }

    /// Sets the distance of two elements under the kernel; 1 if not set.
    ///
    /// @param sizes one for each axis, or one for all
    /// @return this
    public ConvConfig dilation(int... sizes) {
        how = how.dilation(sizes);
        return this;
    }

    /// Sets in how many groups the channels are divided, which do not see each other; 1 if not set.
    ///
    /// @param count divides the channels of the input and of the output
    /// @return this
    public ConvConfig groups(int count) {
        how = how.groups(count);
        return this;
    }

    /// Sets what a transposed convolution adds to the end of each axis; 0 if not set. Others pass it over.
    ///
    /// @param sizes one for each axis, or one for all
    /// @return this
    public ConvConfig outputPadding(int... sizes) {
        extra = sizes.clone();
        return this;
    }

    /// Leaves out the bias.
    ///
    /// @return this
    public ConvConfig noBias() {
        hasBias = false;
        return this;
    }

    /// Sets the first values of the weight.
    ///
    /// @param init gives them
    /// @return this
    public ConvConfig weight(Init init) {
        weight = init;
        return this;
    }

    /// Sets the first values of the bias.
    ///
    /// @param init gives them
    /// @return this
    public ConvConfig bias(Init init) {
        bias = init;
        return this;
    }

    Convolution how() {
        return how;
    }

    int[] extra() {
        return extra.clone();
    }

    boolean hasBias() {
        return hasBias;
    }

    Init weightOr(Init usual) {
        return weight == null ? usual : weight;
    }

    Init biasOr(Init usual) {
        return bias == null ? usual : bias;
    }
}
