package tensor.nn;

import java.util.OptionalInt;
import tensor.api.Parameter;
import tensor.api.RandomKey;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// A learned vector for each of so many things, as words: row `i` of a table for index `i`.
///
/// **Shapes.** int64 `[..] → [.., width]`; weight `[count, width]`. First values are normally distributed with deviation 1.
public final class Embedding extends Module implements Layer {
    private final Parameter weight;
    private final OptionalInt padding;

    private Embedding(int count, int width, OptionalInt padding) {
        if (count < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "Embedding: %d vectors of width %d; use numbers from 1"
                            .formatted(count, width));
        }
        if (padding.isPresent() && (padding.getAsInt() < 0 || padding.getAsInt() >= count)) {
            throw new IllegalArgumentException(
                    "Embedding: padding is %d; there are indices from 0 to %d"
                            .formatted(padding.getAsInt(), count - 1));
        }
        this.padding = padding;
        Init init = Init.normal(0, 1);
        weight =
                parameter(
                        "weight",
                        Shape.of(count, width),
                        padding.isPresent() ? zeroRow(init, padding.getAsInt()) : init);
    }

    private static Init zeroRow(Init init, int row) {
        return (key, shape, dtype) -> {
            Tensor others = Tensor.arange(shape.size(0)).notEqualTo(row).unsqueeze(1);
            return init.create(key, shape, dtype).mul(others.cast(dtype));
        };
    }

    /// {@return a table of vectors}
    ///
    /// @param count how many things there are
    /// @param width the size of a vector
    /// @throws IllegalArgumentException if one is less than 1
    public static Embedding of(int count, int width) {
        return new Embedding(count, width, OptionalInt.empty());
    }

    /// {@return a table of vectors, one of which stands for nothing: it is 0 and does not learn}
    ///
    /// @param count how many things there are
    /// @param width the size of a vector
    /// @param padding the index that stands for nothing
    /// @throws IllegalArgumentException if a number is out of its range
    public static Embedding of(int count, int width, int padding) {
        return new Embedding(count, width, OptionalInt.of(padding));
    }

    /// Keeps gradients by rows: for large tables, of which a step looks up a few.
    ///
    /// Optimizers then change the vectors that were looked up, and what they remember of them; momenta and weight decay
    /// do not move the others. See [Parameter#rowSparse(boolean)].
    ///
    /// @return this
    public Embedding rowSparse() {
        weight.rowSparse(true);
        return this;
    }

    /// {@return the vectors, one below the other}
    public Parameter weight() {
        return weight;
    }

    /// {@return the vectors of indices}
    ///
    /// @param index int64, from 0
    /// @throws IndexOutOfBoundsException if there is no such vector
    @Override
    public Tensor apply(Tensor index) {
        return padding.isPresent()
                ? Functional.embedding(weight.value(), index, padding.getAsInt())
                : Functional.embedding(weight.value(), index);
    }

    @Override
    public Embedding initialize(RandomKey key) {
        super.initialize(key);
        return this;
    }

    @Override
    public Embedding initialize(RandomKey key, DType dtype) {
        super.initialize(key, dtype);
        return this;
    }

    @Override
    public String toString() {
        return "Embedding" + weight.shape();
    }
}
