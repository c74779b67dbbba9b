package tensor.api;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tensor.layout.Shape;

/// What the program of a [Fusion] depends on. The sizes count too, for means divide by them.
final class Signature {
    private final Shape domain;
    private final Object[] inputs;
    private final int result;
    private final @Nullable BitSet wanted;
    private final int hash;

    private Signature(Shape domain, Object[] inputs, int result, @Nullable BitSet wanted) {
        this.domain = domain;
        this.inputs = inputs;
        this.result = result;
        this.wanted = wanted;
        int ofWanted = wanted == null ? 0 : wanted.hashCode();
        this.hash =
                31 * (31 * (31 * domain.hashCode() + Arrays.hashCode(inputs)) + result) + ofWanted;
    }

    /// {@return that of the results}
    static Signature of(Shape domain, Tensor[] in) {
        Object[] inputs =
                new Object[2 * in.length]; // of each its type, and whether it is of all elements
        for (int i = 0; i < in.length; i++) {
            inputs[2 * i] = in[i].dtype();
            inputs[2 * i + 1] = in[i].shape().equals(domain);
        }
        return new Signature(domain, inputs, 0, null);
    }

    /// {@return that of the derivative of a result}
    ///
    /// @param of which result
    /// @param asked the inputs whose cotangents are wanted
    Signature backwards(int of, BitSet asked) {
        return new Signature(domain, inputs, of, asked);
    }

    Shape domain() {
        return domain;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Signature that
                && hash == that.hash
                && result == that.result
                && domain.equals(that.domain)
                && Arrays.equals(inputs, that.inputs)
                && Objects.equals(wanted, that.wanted);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
