package tensor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tensor.layout.DType;
import tensor.spi.Operand;
import tensor.spi.PositionOp;
import tensor.spi.SortOrder;

/// What goes along one axis in order: cumulative sums, positions of extremes, sorting.
final class AxisKernels {
    private final GpuBackend backend;
    private final Kernels kernels;

    AxisKernels(GpuBackend backend, Kernels kernels) {
        this.backend = backend;
        this.kernels = kernels;
    }

    void cumSum(Operand x, int axis, Operand out) {
        DType dtype = x.dtype();
        DType sum =
                switch (dtype) {
                    case FLOAT32, FLOAT64 -> DType.FLOAT64;
                    case INT64 -> DType.INT64;
                    case FLOAT16, BFLOAT16, INT32, UINT8, BOOL ->
                            throw new IllegalArgumentException(
                                    "cumSum: not defined on " + dtype + "; cast first");
                };
        Map<String, String> macros =
                Map.of(
                        "CUM_SUM", "1",
                        "T", dtype.name(),
                        "SUM", sum.name(),
                        "ADD", "ADD_" + sum.name(),
                        "NEUTRAL", StepText.constant(sum.bits(-0.0), sum));
        along(axis, x, out, "cum_sum", macros, x.shape().size(axis));
    }

    void position(PositionOp op, Operand x, int axis, Operand out) {
        Map<String, String> macros =
                Map.of("POSITION", "1", "T", x.dtype().name(), "KEY", "KEY_" + x.dtype().name());
        long mask = op == PositionOp.MAX ? 0 : -1;
        along(axis, x, out, "position", macros, x.shape().size(axis), mask);
    }

    private void along(
            int axis,
            Operand x,
            Operand out,
            String kernel,
            Map<String, String> macros,
            long... numbers) {
        if (x.shape().elementCount() > 0) {
            kernels.lines(
                    kernels.get(
                            List.of(kernel, macros),
                            () -> KernelText.of("lines.k", kernel, macros)),
                    List.of(Lines.along(axis, out), Lines.along(axis, x)),
                    Kernels.GROUP,
                    numbers);
        }
    }

    void argSort(SortOrder order, Operand x, int axis, Operand out) {
        if (x.shape().elementCount() == 0) {
            return;
        }
        int rank = x.shape().rank();
        int[] last = new int[rank]; // the axis behind all others
        int[] back = new int[rank];
        for (int i = 0; i < rank; i++) {
            last[i] = i < axis ? i : i < rank - 1 ? i + 1 : axis;
            back[last[i]] = i;
        }
        long length = x.shape().size(axis);
        long count = x.shape().elementCount();
        try (var temporaries = new Temporaries(backend)) {
            Operand lines = temporaries.copy(new Operand(x.storage(), x.layout().permute(last)));
            Driver.Memory keys = temporaries.memory(DType.INT64, count);
            Operand from = temporaries.fresh(DType.INT64, lines.shape());
            Operand to = temporaries.fresh(DType.INT64, lines.shape());
            Map<String, String> macros =
                    Map.of("KEYS", "1", "T", x.dtype().name(), "KEY", "KEY_" + x.dtype().name());
            long mask = order == SortOrder.ASCENDING ? 0 : -1;
            Driver.Numbers single = new Driver.Numbers(count, length, mask);
            sort("keys", macros, single, keys, GpuBackend.memory(from), GpuBackend.memory(lines));
            for (long run = 1; run < length; run *= 2) {
                Driver.Numbers runs = new Driver.Numbers(count, length, run);
                Driver.Memory target = GpuBackend.memory(to);
                sort("merge", Map.of("MERGE", "1"), runs, target, GpuBackend.memory(from), keys);
                Operand merged = to;
                to = from;
                from = merged;
            }
            backend.copy(new Operand(from.storage(), from.layout().permute(back)), out);
        }
    }

    private void sort(
            String name,
            Map<String, String> macros,
            Driver.Numbers runs,
            Driver.Memory... memories) {
        Driver.Kernel kernel =
                kernels.get(List.of(name, macros), () -> KernelText.of("sort.k", name, macros));
        List<Driver.Argument> arguments = new ArrayList<>(List.of(runs));
        arguments.addAll(List.of(memories));
        kernels.forEach(kernel, runs.values()[0], arguments);
    }
}
