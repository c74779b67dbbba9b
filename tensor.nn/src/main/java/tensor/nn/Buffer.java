package tensor.nn;

import org.jspecify.annotations.Nullable;
import tensor.api.Tensor;
import tensor.api.TensorScope;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// A tensor that belongs to a module and is saved with it, but is not learned: a running mean, a table of positions.
///
/// Mutable. **Ownership.** Its value belongs to no scope; [#assign] hands the old one to the current
/// [TensorScope].
public final class Buffer {
    private final Shape shape;
    private @Nullable Tensor value;

    Buffer(Shape shape) {
        this.shape = shape;
    }

    /// {@return the sizes of its value}
    public Shape shape() {
        return shape;
    }

    /// {@return whether it has a value}
    public boolean initialized() {
        return value != null;
    }

    /// {@return the present value, not tracked}
    ///
    /// @throws IllegalStateException before the module is initialized
    public Tensor value() {
        if (value == null) {
            throw new IllegalStateException(
                    "Buffer %s has no value yet; call initialize(key) on its module"
                            .formatted(shape));
        }
        return value;
    }

    /// Replaces the value.
    ///
    /// @param next the new one, of the same shape and type; it is detached, and kept beyond its scope
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the type differs
    public void assign(Tensor next) {
        if (!next.shape().equals(shape)) {
            throw new ShapeException(
                    "Buffer: %s cannot take the value of shape %s".formatted(shape, next.shape()),
                    shape,
                    next.shape());
        }
        DType present = value == null ? next.dtype() : value.dtype();
        if (next.dtype() != present) {
            throw new IllegalArgumentException(
                    "Buffer: %s %s cannot take a %s value; cast it"
                            .formatted(shape, present, next.dtype()));
        }
        Tensor old = value;
        value = TensorScope.take(next);
        if (old != null) {
            TensorScope.give(old);
        }
    }

    /// {@return an action that brings back the value that it has now}
    Runnable mark() {
        Tensor before = value;
        if (before == null) {
            return () -> {};
        }
        Tensor copy = before.copy(); // an assignment gives the value itself away
        return () -> {
            if (!before.equals(value)) {
                assign(copy);
            }
        };
    }
}
