package tensor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.ReduceOp;

/// Sums and maxima along axes.
///
/// Where the reduced axes are neighbours and others follow, the elements that are folded stand in *columns*: one thread
/// folds [#PART] rows of a column, and what comes out are columns again. Otherwise they stand in *rows*, once the reduced
/// axes are seen as the last ones; a row is folded as a program does it (see [RowText]), a long one in parts.
///
/// So the order of additions follows from the shape and the axes alone.
final class Reductions {
    /// Rows that one thread folds.
    private static final int PART = 32;

    private final GpuBackend backend;
    private final Kernels kernels;
    private final RowFolding folding;
    private final Primitives primitives;

    Reductions(GpuBackend backend, Kernels kernels, RowFolding folding, Primitives primitives) {
        this.backend = backend;
        this.kernels = kernels;
        this.folding = folding;
        this.primitives = primitives;
    }

    /// Folds `axes` of `x` into `out`.
    void run(ReduceOp op, Operand x, int[] axes, Operand out) {
        Shape shape = x.shape();
        int[] reduced = IntStream.of(axes).filter(axis -> shape.size(axis) != 1).toArray();
        if (x.shape().elementCount() == 0) {
            backend.fill(out, 0);
        } else if (reduced.length == 0) {
            backend.copy(x, out);
        } else if (areNeighbours(shape, reduced) && columns(shape, reduced) > 1) {
            columns(op, x, reduced, out);
        } else {
            rows(op, x, reduced, out);
        }
    }

    /// {@return whether no axis between these is longer than 1}
    private static boolean areNeighbours(Shape shape, int[] axes) {
        return IntStream.range(axes[0], axes[axes.length - 1])
                .filter(axis -> shape.size(axis) != 1)
                .allMatch(axis -> IntStream.of(axes).anyMatch(each -> each == axis));
    }

    /// {@return how many elements lie behind the last of some axes}
    private static long columns(Shape shape, int[] axes) {
        return count(shape, IntStream.range(axes[axes.length - 1] + 1, shape.rank()).toArray());
    }

    private static long count(Shape shape, int[] axes) {
        return IntStream.of(axes).mapToLong(shape::size).reduce(1, (a, b) -> a * b);
    }

    private void columns(ReduceOp op, Operand x, int[] reduced, Operand out) {
        int rank = x.shape().rank();
        int[] before = IntStream.range(0, reduced[0]).toArray();
        int[] behind = IntStream.range(reduced[reduced.length - 1] + 1, rank).toArray();
        OptionalLong outerStride = MergedAxes.stride(x.layout(), before);
        OptionalLong rowStride = MergedAxes.stride(x.layout(), reduced);
        OptionalLong columnStride = MergedAxes.stride(x.layout(), behind);
        if (outerStride.isEmpty() || rowStride.isEmpty() || columnStride.isEmpty()) {
            try (var temporaries = new Temporaries(backend)) {
                columns(op, temporaries.copy(x), reduced, out);
            }
            return;
        }
        var columns =
                new Columns(
                        count(x.shape(), before),
                        count(x.shape(), reduced),
                        count(x.shape(), behind),
                        x.layout().offset(),
                        outerStride.getAsLong(),
                        rowStride.getAsLong(),
                        columnStride.getAsLong());
        fold(op, x.dtype(), columns, GpuBackend.memory(x), out);
    }

    /// Columns of rows in a memory.
    ///
    /// @param outer how many such matrices there are
    private record Columns(
            long outer,
            long rows,
            long columns,
            long offset,
            long outerStride,
            long rowStride,
            long columnStride) {

        private long parts() {
            return Math.ceilDiv(rows, PART);
        }

        private Columns folded() {
            long parts = parts();
            return new Columns(outer, parts, columns, 0, parts * columns, columns, 1);
        }
    }

    private void fold(ReduceOp op, DType dtype, Columns c, Driver.Memory x, Operand out) {
        if (c.parts() == 1) {
            launch(op, dtype, c, x, GpuBackend.memory(out), out.layout().offset());
            return;
        }
        try (var temporaries = new Temporaries(backend)) {
            long count = c.outer * c.parts() * c.columns;
            Driver.Memory parts = temporaries.memory(dtype, count);
            launch(op, dtype, c, x, parts, 0);
            fold(op, dtype, c.folded(), parts, out);
        }
    }

    private void launch(
            ReduceOp op, DType dtype, Columns c, Driver.Memory x, Driver.Memory out, long offset) {
        String name = "columns_%s_%s".formatted(op.name(), dtype.name());
        Driver.Kernel kernel = kernels.get("columns", name, Reductions::columns);
        long count = c.outer * c.parts() * c.columns;
        var numbers =
                new Driver.Numbers(
                        count,
                        c.rows,
                        c.columns,
                        c.parts(),
                        c.offset,
                        c.outerStride,
                        c.rowStride,
                        c.columnStride,
                        offset);
        kernels.forEach(kernel, count, List.of(numbers, out, x));
    }

    private static KernelText columns() {
        List<Map<String, String>> variants = new ArrayList<>();
        for (ReduceOp op : ReduceOp.values()) {
            for (DType dtype : DType.values()) {
                if (op.isDefinedOn(dtype)) {
                    variants.add(
                            Map.of(
                                    KernelText.NAME,
                                    "columns_%s_%s".formatted(op.name(), dtype.name()),
                                    "T",
                                    dtype.name(),
                                    "FOLD",
                                    "%s_%s".formatted(op.pairwise().name(), dtype.name()),
                                    "NEUTRAL",
                                    RowText.neutral(op, dtype),
                                    "PART",
                                    Integer.toString(PART)));
                }
            }
        }
        return KernelText.of("columns.k", variants);
    }

    private void rows(ReduceOp op, Operand x, int[] reduced, Operand out) {
        int[] kept =
                IntStream.range(0, x.shape().rank())
                        .filter(axis -> IntStream.of(reduced).noneMatch(each -> each == axis))
                        .toArray();
        OptionalLong step = MergedAxes.stride(x.layout(), reduced);
        if (step.isEmpty()) {
            try (var temporaries = new Temporaries(backend)) {
                int[] order = IntStream.concat(IntStream.of(kept), IntStream.of(reduced)).toArray();
                Layout ordered = x.layout().permute(order);
                Operand dense = temporaries.copy(new Operand(x.storage(), ordered));
                int rank = order.length;
                int[] back = new int[rank];
                for (int i = 0; i < rank; i++) {
                    back[order[i]] = i;
                }
                Layout again = dense.layout().permute(back);
                rows(op, new Operand(dense.storage(), again), reduced, out);
            }
            return;
        }
        Layout starts = only(kept, x.layout());
        Layout ends = only(kept, out.layout());
        long length = count(x.shape(), reduced);
        fold(
                op,
                x.dtype(),
                new Lines(GpuBackend.memory(x), starts, step.getAsLong()),
                length,
                new Lines(GpuBackend.memory(out), ends, 0));
    }

    /// Folds lines of any length: long ones in parts, and then the parts.
    private void fold(ReduceOp op, DType dtype, Lines x, long length, Lines out) {
        if (length <= RowText.LONGEST) {
            kernels.rows(primitives.fold(op, dtype), folding, length, List.of(out, x));
            return;
        }
        long full = length / RowText.LONGEST;
        long rest = length % RowText.LONGEST;
        long parts = full + (rest == 0 ? 0 : 1);
        try (var temporaries = new Temporaries(backend)) {
            Shape lines = x.starts().shape();
            Driver.Memory memory = temporaries.memory(dtype, lines.elementCount() * parts);
            Layout dense = scaled(Layout.contiguous(lines), parts);
            Lines folded = new Lines(memory, dense, 1);
            fold(op, dtype, x.parts(full, RowText.LONGEST), RowText.LONGEST, folded.each(full));
            if (rest > 0) {
                Lines last = x.from(full * RowText.LONGEST);
                fold(op, dtype, last, rest, folded.from(full));
            }
            fold(op, dtype, folded, parts, out);
        }
    }

    private static Layout scaled(Layout layout, long factor) {
        long[] strides = layout.strides();
        for (int i = 0; i < strides.length; i++) {
            strides[i] *= factor;
        }
        return Layout.of(layout.shape(), strides, layout.offset() * factor);
    }

    /// {@return the layout of what lies at 0 of all other axes}
    private static Layout only(int[] axes, Layout layout) {
        int[] sizes = IntStream.of(axes).map(layout.shape()::size).toArray();
        long[] strides = IntStream.of(axes).mapToLong(layout::stride).toArray();
        return Layout.of(Shape.of(sizes), strides, layout.offset());
    }
}
