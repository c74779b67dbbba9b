package tensor.nn;

import java.util.Optional;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Which keys the queries of one batch see.
///
/// ```java
/// Tensor y = block.apply(x, AttentionMask.ignoring(padding));
/// ```
///
/// A query that sees no key gets zeros, and no gradient leads through it. Immutable.
public final class AttentionMask {
    private static final AttentionMask NONE = new AttentionMask(Optional.empty());

    /// Broadcasts to `[batch, heads, queries, keys]`.
    private final Optional<Tensor> over;

    private AttentionMask(Optional<Tensor> over) {
        this.over = over;
    }

    /// {@return no mask: each query sees all keys}
    public static AttentionMask none() {
        return NONE;
    }

    /// {@return a mask of pairs of queries and keys}
    ///
    /// @param over bool, true where the query sees the key, or floating point, added to the scores; `[queries, keys]`, `[batch,
    ///     queries, keys]` or `[batch, heads, queries, keys]`, with 1 for what is alike
    /// @throws IllegalArgumentException if it is of another type
    /// @throws ShapeException if it has another number of axes
    public static AttentionMask of(Tensor over) {
        Attention.checkMask("AttentionMask", over.dtype());
        return switch (over.rank()) {
            case 2, 4 -> new AttentionMask(Optional.of(over));
            case 3 -> new AttentionMask(Optional.of(over.unsqueeze(1)));
            default ->
                    throw new ShapeException(
                            "AttentionMask: the mask is %s; use [queries, keys], [batch, queries, keys] or [batch, heads, queries, keys]"
                                    .formatted(over.shape()),
                            over.shape());
        };
    }

    /// {@return a mask of keys that take no part, such as padding}
    ///
    /// @param keys bool, true for what takes no part, `[batch, keys]`
    /// @throws IllegalArgumentException if it is of another type
    /// @throws ShapeException if it has another number of axes
    public static AttentionMask ignoring(Tensor keys) {
        if (keys.dtype() != DType.BOOL) {
            throw new IllegalArgumentException(
                    "AttentionMask: the keys that take no part are %s; use bool"
                            .formatted(keys.dtype()));
        }
        if (keys.rank() != 2) {
            throw new ShapeException(
                    "AttentionMask: the keys that take no part are %s; they need [batch, keys]"
                            .formatted(keys.shape()),
                    keys.shape());
        }
        return new AttentionMask(Optional.of(keys.not().unsqueeze(1).unsqueeze(1)));
    }

    /// {@return the mask of what both let see; scores that both add are summed}
    ///
    /// @param other a further mask
    public AttentionMask and(AttentionMask other) {
        if (over.isEmpty() || other.over.isEmpty()) {
            return over.isEmpty() ? other : this;
        }
        return new AttentionMask(Optional.of(Attention.both(over.get(), other.over.get())));
    }

    /// {@return an attention behind this mask too}
    ///
    /// @param scores the shape of its scores, `[batch, heads, queries, keys]`
    Attention on(Attention attention, Shape scores) {
        if (over.isEmpty()) {
            return attention;
        }
        checkFits(over.get().shape(), scores);
        return attention.masked(over.get());
    }

    private static void checkFits(Shape mask, Shape scores) {
        int missing = scores.rank() - mask.rank();
        for (int axis = 0; axis < mask.rank(); axis++) {
            if (mask.size(axis) != 1 && mask.size(axis) != scores.size(missing + axis)) {
                throw new ShapeException(
                        "MultiHeadAttention: the mask is %s; it does not broadcast to [batch, heads, queries, keys], which is %s"
                                .formatted(mask, scores),
                        mask,
                        scores);
            }
        }
    }
}
