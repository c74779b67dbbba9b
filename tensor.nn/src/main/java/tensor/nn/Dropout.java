package tensor.nn;

import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;

/// In training, sets each element to 0 with some probability and scales the others so that the mean stays; in
/// evaluation, does nothing.
///
/// What is dropped comes from the module's [RandomStream], so a training that is resumed drops what the undisturbed one
/// would have dropped.
public final class Dropout extends Module implements Layer {
    private final double probability;
    private final RandomStream random = random("random");

    private Dropout(double probability) {
        this.probability = Functional.checkDropout(probability);
    }

    /// {@return dropout with this probability}
    ///
    /// @param probability that an element is dropped, from 0 to 1
    /// @throws IllegalArgumentException if it is out of its range
    public static Dropout of(double probability) {
        return new Dropout(probability);
    }

    @Override
    public Tensor apply(Tensor x) {
        return training() && probability > 0
                ? Functional.dropout(x, probability, random.next())
                : x;
    }

    @Override
    public Dropout initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Dropout initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }

    @Override
    public String toString() {
        return "Dropout(" + probability + ")";
    }
}
