package tensor.optim;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import tensor.api.Parameter;
import tensor.api.RowGradient;
import tensor.api.Tensor;
import tensor.api.TensorScope;

/// What a step changes of a parameter: all of it, or the rows that have a gradient.
///
/// @param parameter has a gradient
/// @param rows the gradient, if it is kept by rows
record Part(Parameter parameter, Optional<RowGradient> rows) {
    static Part of(Parameter parameter) {
        return new Part(parameter, parameter.rowGrad());
    }

    Tensor gradient() {
        return parameter.gradValues().orElseThrow();
    }

    Tensor value() {
        return in(parameter.ownValue().detach());
    }

    void assign(Tensor value) {
        rows.ifPresentOrElse(
                only -> parameter.assignRows(only.rows(), value), () -> parameter.assign(value));
    }

    /// {@return what stands in this part of a tensor} One that is not of the parameter's shape is no table.
    Tensor in(Tensor whole) {
        return rows.isPresent() && isTable(whole) ? whole.indexSelect(0, rows.get().rows()) : whole;
    }

    /// {@return the state of the whole parameter, loose, after a step of this part} What is new in it is 0 elsewhere.
    ///
    /// @param before of the whole parameter, out of date afterwards
    /// @param after of this part
    <S extends TransformState<S>> S put(S before, S after) {
        if (rows.isEmpty()) {
            return after.map(TensorScope::take);
        }
        List<Tensor> tables = new ArrayList<>();
        before.map(whole -> {
            tables.add(whole);
            return whole;
        });
        Iterator<Tensor> next = tables.iterator();
        return after.map(part -> put(next.hasNext() ? next.next() : zeros(), part));
    }

    private Tensor put(Tensor whole, Tensor part) {
        return isTable(whole)
                ? TensorScope.overwriteRows(whole, rows.orElseThrow().rows(), part)
                : TensorScope.take(part);
    }

    private Tensor zeros() {
        Tensor value = parameter.ownValue();
        return TensorScope.take(
                value.device().with(() -> Tensor.zeros(value.shape(), value.dtype())));
    }

    private boolean isTable(Tensor whole) {
        return whole.shape().equals(parameter.shape());
    }
}
