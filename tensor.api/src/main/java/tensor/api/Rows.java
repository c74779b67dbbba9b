package tensor.api;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.layout.ShapeException;
import tensor.spi.Backend;
import tensor.spi.Operand;

/// Rows of tables: which of them a graph looks up, adding to them, and replacing them in place.
final class Rows {
    private Rows() {}

    /// {@return for each table the look-ups of its rows, in the order of the graph; none for a table that is used in
    /// another way too}
    ///
    /// @param inputsFirst the graph
    /// @param tables leaves of it
    static Map<Tensor, List<Tensor>> lookups(List<Tensor> inputsFirst, Set<Tensor> tables) {
        Map<Tensor, List<Tensor>> found = new LinkedHashMap<>();
        Set<Tensor> others = new HashSet<>();
        for (Tensor y : inputsFirst) {
            Node node = y.node();
            for (int i = 0; node != null && i < node.inputs.length; i++) {
                Tensor x = node.inputs[i];
                if (!tables.contains(x)) {
                    continue;
                }
                if (isLookup(node)) {
                    found.computeIfAbsent(x, _ -> new ArrayList<>()).add(y);
                } else {
                    others.add(x);
                }
            }
        }
        found.keySet().removeAll(others);
        return found;
    }

    /// Whole rows: the index repeats itself along all axes but the first.
    private static boolean isLookup(Node node) {
        if (!(node.op instanceof Op.Gather(int axis)) || axis != 0) {
            return false;
        }
        Layout index = node.inputs[1].data().layout();
        boolean whole = true;
        for (int i = 1; i < index.shape().rank(); i++) {
            whole &= index.stride(i) == 0 && index.shape().size(i) == node.inputs[0].size(i);
        }
        return whole;
    }

    /// {@return the gradient of the table of a look-up}
    ///
    /// @param lookup what [#lookups] found
    /// @param cotangent its cotangent
    static RowGradient gradient(Tensor lookup, Tensor cotangent) {
        Tensor index = Objects.requireNonNull(lookup.node(), "a look-up is computed").inputs[1];
        while (index.rank() > 1) {
            index = index.select(-1, 0);
        }
        return RowGradient.of(index, cotangent);
    }

    /// {@return a table with `values` added to some of its rows}
    static Tensor add(Tensor table, Tensor rows, Tensor values) {
        return Dispatch.apply(new Op.ScatterAdd(0), table, across(rows, values.shape()), values);
    }

    /// {@return an index of whole rows}
    ///
    /// @param rows `[k]`
    /// @param shape `[k, ..]`
    private static Tensor across(Tensor rows, Shape shape) {
        int[] sizes = new int[shape.rank()];
        Arrays.fill(sizes, 1);
        sizes[0] = shape.size(0);
        return rows.reshape(sizes).expand(shape);
    }

    /// Checks that there is an index for each of some values.
    static void check(String where, Tensor index, Tensor values) {
        if (index.dtype() != DType.INT64) {
            throw new IllegalArgumentException(
                    "%s: the rows are %s; they are int64".formatted(where, index.dtype()));
        }
        if (index.rank() != 1 || values.rank() == 0 || index.size(0) != values.size(0)) {
            throw new ShapeException(
                    "%s: rows %s and values %s; they need [k] and [k, ..]"
                            .formatted(where, index.shape(), values.shape()),
                    index.shape(),
                    values.shape());
        }
    }

    static Tensor overwrite(Tensor table, Tensor rows, Tensor values) {
        check("overwriteRows", rows, values);
        Checks.sameDType("overwriteRows", table, values);
        if (table.rank() == 0 || !values.shape().with(0, table.size(0)).equals(table.shape())) {
            throw new ShapeException(
                    "overwriteRows: values %s are no rows of %s"
                            .formatted(values.shape(), table.shape()),
                    values.shape(),
                    table.shape());
        }
        table.checkAlive();
        long[] at = rows.toLongs();
        for (long row : at) {
            if (row < 0 || row >= table.size(0)) {
                throw new IndexOutOfBoundsException(
                        "overwriteRows: there is no row %d in %s; rows are 0 to %d"
                                .formatted(row, table.shape(), table.size(0) - 1));
            }
        }
        Backend backend = table.device().backend();
        Operand to = table.data();
        Operand from = values.data();
        to.storage().overwrite();
        try {
            for (int i = 0; i < at.length; i++) {
                backend.copy(row(from, i), row(to, Math.toIntExact(at[i])));
            }
        } finally {
            Reference.reachabilityFence(values); // the cleaner must not take memory that is copied
        }
        return Tensor.made(table.device(), to, null);
    }

    private static Operand row(Operand of, int row) {
        return new Operand(of.storage(), of.layout().slice(0, row, row + 1, 1));
    }
}
