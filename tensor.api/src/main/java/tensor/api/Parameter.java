package tensor.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
    static final ScopedValue<Map<Parameter, Tensor>> REPLACED = ScopedValue.newInstance();

    private final Shape shape;
    private boolean requiresGrad = true;
    private @Nullable Tensor value;
    private boolean rowSparse;
    private @Nullable Tensor grad;
    private @Nullable RowGradient rowGrad;

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
        Tensor other = standIn();
        return other == null ? ownValue() : other;
    }

    /// {@return the value that belongs to the parameter, whatever stands in its place}
    ///
    /// @throws IllegalStateException if there is none yet
    public Tensor ownValue() {
        if (value == null) {
            throw new IllegalStateException(
                    "Parameter "
                            + shape
                            + " has no value yet; call initialize(key) on its module or assign one");
        }
        return value;
    }

    /// {@return what stands in the place of the value inside of [#replaced]; null if nothing does}
    @Nullable Tensor standIn() {
        return REPLACED.isBound() ? REPLACED.get().get(this) : null;
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
    /// A tensor may have further axes in front of those of its parameter, as one of several tasks: `[tasks, out, in]` in
    /// the place of `[out, in]`. What computes with it must broadcast.
    ///
    /// @param values of the shape of their parameters, or with further axes in front
    /// @param body computes with the parameters
    /// @param <T> what it gives
    /// @throws ShapeException if a shape differs
    public static <T extends @Nullable Object> T replaced(
            Map<Parameter, Tensor> values, Supplier<T> body) {
        Map<Parameter, Tensor> all = new HashMap<>(replacements());
        values.forEach((parameter, value) -> {
            parameter.checkStandIn(value);
            all.put(parameter, value);
        });
        return ScopedValue.where(REPLACED, all).call(body::get);
    }

    /// {@return what stands in the place of parameters' values on this thread}
    static Map<Parameter, Tensor> replacements() {
        return REPLACED.isBound() ? REPLACED.get() : Map.of();
    }

    /// Replaces rows of the value, and leaves the others where they are: their number costs nothing. The value of before
    /// is out of date: using it is an error. The gradient stays.
    ///
    /// @param rows which rows, int64 `[k]`, each once
    /// @param values what comes in their place, `[k, ..]`
    /// @throws ShapeException if the shapes do not fit
    /// @throws IllegalArgumentException if the dtype differs
    /// @throws IndexOutOfBoundsException if there is no such row; nothing is replaced
    public void assignRows(Tensor rows, Tensor values) {
        value =
                Tensor.leaf(
                        TensorScope.overwriteRows(ownValue(), rows, values), this, requiresGrad);
    }

    /// {@return the gradient accumulated since the last [#zeroGrad]; empty before the first} Of one that is kept by rows a
    /// copy with all its zeros, made by this call.
    public Optional<Tensor> grad() {
        return Optional.ofNullable(rowGrad == null ? grad : rowGrad.dense(shape));
    }

    /// {@return the gradient, if it is kept by rows}
    public Optional<RowGradient> rowGrad() {
        return Optional.ofNullable(rowGrad);
    }

    /// {@return what need not be 0 of the gradient: all of it, or the values of its rows; empty before the first} For norms
    /// and checks, which do not ask where a number stands.
    public Optional<Tensor> gradValues() {
        return Optional.ofNullable(rowGrad == null ? grad : rowGrad.values());
    }

    /// Changes the gradient, if there is one: all of it, or the values of its rows.
    ///
    /// @param change a function of single elements that keeps 0, as scaling
    public void mapGrad(UnaryOperator<Tensor> change) {
        if (rowGrad != null) {
            rowGrad(rowGrad.map(change));
        } else if (grad != null) {
            grad(change.apply(grad));
        }
    }

    /// Adds to the gradient.
    ///
    /// @param share of the shape and dtype of the value
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the dtype differs
    public void accumulate(Tensor share) {
        check("Parameter.accumulate", share);
        Tensor sum = Tensor.noGrad(() -> grad().map(old -> old.add(share)).orElse(share));
        replaceGrad(sum, null);
    }

    /// Adds to the gradient, which stays one of rows unless it is of all elements already.
    ///
    /// @param share rows of the shape and dtype of the value
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the dtype differs
    public void accumulate(RowGradient share) {
        check("Parameter.accumulate", share);
        if (grad != null) {
            accumulate(share.dense(shape));
        } else {
            replaceGrad(null, rowGrad == null ? share : rowGrad.plus(share));
        }
    }

    /// Replaces the gradient.
    ///
    /// @param gradient of the shape and dtype of the value
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the dtype differs
    public void grad(Tensor gradient) {
        check("Parameter.grad", gradient);
        replaceGrad(gradient, null);
    }

    /// Replaces the gradient by one of rows.
    ///
    /// @param gradient rows of the shape and dtype of the value
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the dtype differs
    public void rowGrad(RowGradient gradient) {
        check("Parameter.rowGrad", gradient);
        replaceGrad(null, gradient);
    }

    /// Forgets the gradient: afterwards there is none.
    public void zeroGrad() {
        replaceGrad(null, null);
    }

    /// {@return whether a gradient is kept by rows where rows are looked up; false at first}
    public boolean rowSparse() {
        return rowSparse;
    }

    /// Says whether the gradient is kept by rows: for large tables of which a step looks up a few rows.
    ///
    /// [Tensor#backward] then makes a [RowGradient] if all that is computed from the value are rows of it, as by
    /// [Tensor#indexSelect] along axis 0; otherwise the gradient is one of all elements, as ever. An optimizer changes
    /// the rows of such a gradient, and what it remembers of them; other rows stay as they are. [Gradients] do not look
    /// at this.
    ///
    /// @param rowSparse whether it is kept by rows
    public void rowSparse(boolean rowSparse) {
        this.rowSparse = rowSparse;
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

    /// At most one of both is there.
    private void replaceGrad(@Nullable Tensor next, @Nullable RowGradient nextRows) {
        Optional<Tensor> old = Optional.ofNullable(grad);
        Optional<RowGradient> oldRows = Optional.ofNullable(rowGrad);
        grad = next == null ? null : TensorScope.take(next);
        rowGrad = nextRows == null ? null : nextRows.taken();
        old.ifPresent(TensorScope::give);
        oldRows.ifPresent(RowGradient::give);
    }

    private void check(String where, RowGradient rows) {
        Tensor values = rows.values();
        if (shape.rank() == 0 || !values.shape().with(0, shape.size(0)).equals(shape)) {
            throw new ShapeException(
                    "%s: the parameter is %s, the rows %s".formatted(where, shape, values.shape()),
                    shape,
                    values.shape());
        }
        checkType(where, values);
    }

    private void checkStandIn(Tensor next) {
        int added = next.rank() - shape.rank();
        for (int axis = 0; added >= 0 && axis < shape.rank(); axis++) {
            added = next.size(added + axis) == shape.size(axis) ? added : -1;
        }
        if (added < 0) {
            throw differs("Parameter.replaced", next);
        }
        checkType("Parameter.replaced", next);
    }

    private ShapeException differs(String where, Tensor next) {
        return new ShapeException(
                where + ": the parameter is " + shape + ", the tensor " + next.shape(),
                shape,
                next.shape());
    }

    private void check(String where, Tensor next) {
        if (!next.shape().equals(shape)) {
            throw differs(where, next);
        }
        checkType(where, next);
    }

    private void checkType(String where, Tensor next) {
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
