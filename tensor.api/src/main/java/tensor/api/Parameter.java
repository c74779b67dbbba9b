package tensor.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tensor.layout.DType;
import tensor.layout.Shape;
import tensor.layout.ShapeException;

/// A learned tensor: the one holder whose value changes.
///
/// [#value] is the leaf to compute with; [#assign] puts a new one in its place. The gradient stands
/// beside it and grows with every [Tensor#backward] until [#zeroGrad].
///
/// **Ownership.** A parameter owns the memory of its value and its gradient. What it is given, it
/// [takes][TensorScope#take]; what it replaces, it [gives][TensorScope#give] to the scope of that
/// moment, so a value or gradient that must outlive the replacement has to be
/// [copied][Tensor#copy].
/// **Threads.** A parameter belongs to the thread that trains it.
public final class Parameter implements Differentiable {
    private static final ScopedValue<Map<Parameter, Tensor>> REPLACED = ScopedValue.newInstance();

    private final Shape shape;
    private boolean requiresGrad = true;
    private @Nullable Tensor value;
    private @Nullable Tensor grad;

    private Parameter(Shape shape) {
        this.shape = shape;
    }

    /// {@return a parameter with this value}
    ///
    /// @param initial floating point
    /// @throws IllegalArgumentException if `initial` is not floating point
    public static Parameter of(Tensor initial) {
        Parameter parameter = new Parameter(initial.shape());
        parameter.assign(initial);
        return parameter;
    }

    /// {@return a parameter that has no value until the first [#assign]}
    ///
    /// @param shape of all its values
    public static Parameter of(Shape shape) {
        return new Parameter(shape);
    }

    /// {@return the shape of all values}
    public Shape shape() {
        return shape;
    }

    /// {@return whether there is a value}
    public boolean initialized() {
        return value != null;
    }

    /// {@return the value: the same tensor until the next [#assign], tracked if this requires
    /// gradients} Inside of [#replaced], what stands in its place.
    ///
    /// @throws IllegalStateException if there is none yet
    public Tensor value() {
        if (REPLACED.isBound()) {
            Tensor other = REPLACED.get().get(this);
            if (other != null) {
                return other;
            }
        }
        if (value == null) {
            throw new IllegalStateException(
                    "Parameter "
                            + shape
                            + " has no value yet; call initialize(key) on its module or assign one");
        }
        return value;
    }

    /// Replaces the value. The gradient stays.
    ///
    /// @param next of the parameter's shape and, if it has a value, dtype
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the dtype differs, or is not floating point
    public void assign(Tensor next) {
        Checks.floating("Parameter.assign", next);
        check("Parameter.assign", next);
        Tensor old = value;
        value = Tensor.leaf(TensorScope.take(next), this, requiresGrad);
        if (old != null) {
            TensorScope.give(old);
        }
    }

    /// {@return what `body` gives while other tensors stand in the place of parameters' values}
    ///
    /// So a model is a function of its parameters: gradients lead through the other tensors to what
    /// they were made of, as in meta-learning. The parameters themselves do not change. Inside of
    /// another such call, its replacements hold too.
    ///
    /// @param values of the shape of their parameters
    /// @param body computes with the parameters
    /// @param <T> what it gives
    /// @throws ShapeException if a shape differs
    public static <T> T replaced(Map<Parameter, Tensor> values, Supplier<T> body) {
        Map<Parameter, Tensor> all = new HashMap<>();
        if (REPLACED.isBound()) {
            all.putAll(REPLACED.get());
        }
        values.forEach((parameter, value) -> {
            parameter.check("Parameter.replaced", value);
            all.put(parameter, value);
        });
        return ScopedValue.where(REPLACED, all).call(body::get);
    }

    /// {@return the gradient accumulated since the last [#zeroGrad]; empty before the first}
    public Optional<Tensor> grad() {
        return Optional.ofNullable(grad);
    }

    /// Adds to the gradient.
    ///
    /// @param share of the shape and dtype of the value
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the dtype differs
    public void accumulate(Tensor share) {
        check("Parameter.accumulate", share);
        Tensor old = grad;
        replaceGrad(old == null ? share : Tensor.noGrad(() -> old.add(share)));
    }

    /// Replaces the gradient.
    ///
    /// @param gradient of the shape and dtype of the value
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the dtype differs
    public void grad(Tensor gradient) {
        check("Parameter.grad", gradient);
        replaceGrad(gradient);
    }

    /// Forgets the gradient: afterwards there is none.
    public void zeroGrad() {
        replaceGrad(null);
    }

    /// {@return whether gradients lead to this parameter; true at first}
    public boolean requiresGrad() {
        return requiresGrad;
    }

    /// Freezes the parameter, or thaws it. Tensors computed before keep what they recorded.
    ///
    /// @param requiresGrad whether gradients lead to it
    public void requiresGrad(boolean requiresGrad) {
        if (this.requiresGrad != requiresGrad) {
            this.requiresGrad = requiresGrad;
            if (value != null) {
                value = Tensor.leaf(value, this, requiresGrad);
            }
        }
    }

    private void replaceGrad(@Nullable Tensor next) {
        Tensor old = grad;
        grad = next == null ? null : TensorScope.take(next);
        if (old != null) {
            TensorScope.give(old);
        }
    }

    private void check(String where, Tensor next) {
        if (!next.shape().equals(shape)) {
            throw new ShapeException(
                    where + ": the parameter is " + shape + ", the tensor " + next.shape(),
                    shape,
                    next.shape());
        }
        DType dtype = value == null ? next.dtype() : value.dtype();
        if (next.dtype() != dtype) {
            throw new IllegalArgumentException(
                    where
                            + ": the parameter is "
                            + dtype
                            + ", the tensor "
                            + next.dtype()
                            + "; cast it");
        }
    }

    @Override
    public String toString() {
        return "Parameter " + shape + (value == null ? " without a value" : " " + value.dtype());
    }
}
