package tensor.nn;

import java.util.Optional;
import java.util.OptionalDouble;
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
/// `softmax(query · keyᵀ · scale + mask) · value`. Vaswani et al., Attention is all you need, 2017. A query that nothing
/// takes part in gets NaN.
///
/// **Shapes.** Query `[.., queries, width]`, key `[.., keys, width]`, value `[.., keys, out]` → `[.., queries, out]`; leading
/// axes broadcast.
///
/// @param isCausal whether a query sees only keys up to its own place
/// @param scale the factor of the scores; `1/√width` if empty
/// @param mask broadcast to `[.., queries, keys]`: bool, true for what takes part, or floating point, added to the scores
public record Attention(boolean isCausal, OptionalDouble scale, Optional<Tensor> mask) {
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

    /// {@return this attention with a mask}
    ///
    /// @param over bool, true for what takes part, or floating point, added to the scores
    /// @throws IllegalArgumentException if it is of another type
    public Attention masked(Tensor over) {
        if (over.dtype() != DType.BOOL && !over.dtype().isFloating()) {
            throw new IllegalArgumentException(
                    "Attention: the mask is %s; use bool, or floating point"
                            .formatted(over.dtype()));
        }
        return new Attention(isCausal, scale, Optional.of(over));
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

    /// {@return the weights of all keys for each query, `[.., queries, keys]`; those of a query sum up to 1}
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
        double factor = scale.orElse(1 / Math.sqrt(query.size(-1)));
        Tensor scores = query.matMul(key.t()).mul(factor);
        if (isCausal) {
            scores = masked(scores, upTo(query, key));
        }
        if (mask.isPresent()) {
            scores = masked(scores, mask.get());
        }
        return Functional.softmax(scores, -1);
    }

    /// True where the place of the key is at most that of the query.
    private static Tensor upTo(Tensor query, Tensor key) {
        return query.device()
                .with(() ->
                        Tensor.arange(key.size(-2))
                                .lessOrEqual(Tensor.arange(query.size(-2)).unsqueeze(1)));
    }

    private static Tensor masked(Tensor scores, Tensor mask) {
        if (mask.dtype() != DType.BOOL) {
            return scores.add(mask);
        }
        Tensor outside =
                scores.device()
                        .with(() ->
                                Tensor.full(
                                        Shape.scalar(), Double.NEGATIVE_INFINITY, scores.dtype()));
        return Tensor.where(mask, scores, outside);
    }
}
