package tensor.nn;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tensor.api.Axes;
import tensor.api.Fusion;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// Scaled dot-product attention: each query gets the values of all keys, weighted by how well they fit.
///
/// ```java
/// Tensor y = Attention.full().causal().apply(query, key, value);
/// ```
///
/// `softmax(query · keyᵀ · scale + mask) · value`. Vaswani et al., Attention is all you need, 2017. A query
/// for which no key takes part gets zeros, and no gradient leads through it.
///
/// **Shapes.** Query `[.., queries, width]`, key `[.., keys, width]`, value `[.., keys, out]` → `[.., queries, out]`; leading
/// axes broadcast.
///
/// @param isCausal whether a query sees only keys up to its own place
/// @param scale the factor of the scores; `1/√width` if empty
/// @param mask broadcast to `[.., queries, keys]`: bool, true for what takes part, or floating point, added to the scores
public record Attention(boolean isCausal, OptionalDouble scale, Optional<Tensor> mask) {
    // of the products of queries and keys, the factor, and masks
    private static final Fusion FULL =
            Fusion.of("attention", in -> Functional.softmax(scaled(in), -1));
    private static final Fusion CAUSAL =
            Fusion.of(
                    "causal attention",
                    in -> Functional.softmax(masked(scaled(in), in.get(2)), -1));
    private static final Fusion MASKED =
            Fusion.of("masked attention", in -> overAnyKeys(masked(scaled(in), in.get(2))));
    private static final Fusion CAUSAL_AND_MASKED =
            Fusion.of(
                    "causal, masked attention",
                    in -> overAnyKeys(masked(masked(scaled(in), in.get(2)), in.get(3))));

    /// {@return attention to all keys}
    public static Attention full() {
        return new Attention(false, OptionalDouble.empty(), Optional.empty());
    }

    /// {@return this attention, of each query to keys up to its own place}
    public Attention causal() {
        return new Attention(true, scale, mask);
    }

    /// {@return this attention with another factor of the scores}
    ///
    /// @param factor in place of `1/√width`
    public Attention scaledBy(double factor) {
        return new Attention(isCausal, OptionalDouble.of(factor), mask);
    }

    /// {@return this attention with a mask, beside those that it has}
    ///
    /// @param over bool, true for what takes part, or floating point, added to the scores
    /// @throws IllegalArgumentException if it is of another type
    public Attention masked(Tensor over) {
        checkMask("Attention", over.dtype());
        Tensor all = mask.map(present -> both(present, over)).orElse(over);
        return new Attention(isCausal, scale, Optional.of(all));
    }

    /// {@return the weighted values}
    ///
    /// @param query what asks
    /// @param key what is compared with the queries
    /// @param value what is weighted
    /// @throws ShapeException if the shapes do not fit
    public Tensor apply(Tensor query, Tensor key, Tensor value) {
        return weights(query, key).matMul(value);
    }

    /// {@return the weights of all keys for each query, `[.., queries, keys]`; those of a query sum up to 1, or
    /// are all 0 if no key takes part}
    ///
    /// @param query what asks
    /// @param key what is compared with the queries
    /// @throws ShapeException if the shapes do not fit
    public Tensor weights(Tensor query, Tensor key) {
        if (query.rank() < 2 || key.rank() < 2) {
            throw new ShapeException(
                    "Attention: query %s and key %s; both need at least two axes"
                            .formatted(query.shape(), key.shape()),
                    query.shape(),
                    key.shape());
        }
        Tensor products = query.matMul(key.t());
        Tensor factor = scalar(products, scale.orElse(1 / Math.sqrt(query.size(-1))));
        if (mask.isPresent()) {
            return isCausal
                    ? CAUSAL_AND_MASKED.apply(products, factor, upTo(query, key), mask.get())
                    : MASKED.apply(products, factor, mask.get());
        }
        return isCausal
                ? CAUSAL.apply(products, factor, upTo(query, key))
                : FULL.apply(products, factor);
    }

    private static Tensor scaled(List<Tensor> in) {
        return in.get(0).mul(in.get(1));
    }

    /// Softmax, with 0 for a query that sees no key: without the detour its weights were 0/0, and so were all gradients.
    private static Tensor overAnyKeys(Tensor scores) {
        Tensor blind = scores.detach().max(Axes.of(-1).keep()).equalTo(Double.NEGATIVE_INFINITY);
        Tensor nothing = scalar(scores, 0);
        Tensor weights = Functional.softmax(Tensor.where(blind, nothing, scores), -1);
        return Tensor.where(blind, nothing, weights);
    }

    /// True where the place of the key is at most that of the query.
    private static Tensor upTo(Tensor query, Tensor key) {
        return query.device()
                .with(() ->
                        Tensor.arange(key.size(-2))
                                .lessOrEqual(Tensor.arange(query.size(-2)).unsqueeze(1)));
    }

    private static Tensor masked(Tensor scores, Tensor mask) {
        return mask.dtype() == DType.BOOL
                ? Tensor.where(mask, scores, scalar(scores, Double.NEGATIVE_INFINITY))
                : scores.add(mask);
    }

    /// {@return the mask of what two masks let take part}
    static Tensor both(Tensor one, Tensor other) {
        if (one.dtype() == DType.BOOL) {
            return other.dtype() == DType.BOOL ? one.and(other) : masked(other, one);
        }
        return masked(one, other);
    }

    static void checkMask(String where, DType dtype) {
        if (dtype != DType.BOOL && !dtype.isFloating()) {
            throw new IllegalArgumentException(
                    "%s: the mask is %s; use bool, or floating point".formatted(where, dtype));
        }
    }

    private static Tensor scalar(Tensor like, double value) {
        return like.device().with(() -> Tensor.full(Shape.scalar(), value, like.dtype()));
    }
}
