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
    private static final List<DType> SUMMED = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64);
    private static final List<DType> ORDERED =
            List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.INT32, DType.UINT8);

    private final GpuBackend backend;
    private final Kernels kernels;

    AxisKernels(GpuBackend backend, Kernels kernels) {
        this.backend = backend;
        this.kernels = kernels;
    }

    void cumSum(Operand x, int axis, Operand out) {
        DType dtype = x.dtype();
        if (!SUMMED.contains(dtype)) {
            throw new IllegalArgumentException("cumSum: not defined on " + dtype + "; cast first");
        }
        along(axis, x, out, "cum_sum_" + dtype.name(), x.shape().size(axis));
    }

    void position(PositionOp op, Operand x, int axis, Operand out) {
        long mask = op == PositionOp.MAX ? 0 : -1;
        along(axis, x, out, "position_" + x.dtype().name(), x.shape().size(axis), mask);
    }

    private void along(int axis, Operand x, Operand out, String kernel, long... numbers) {
        if (x.shape().elementCount() > 0) {
            kernels.lines(
                    kernels.get("lines", kernel, AxisKernels::lines),
                    List.of(Lines.along(axis, out), Lines.along(axis, x)),
                    numbers);
        }
    }

    private static KernelText lines() {
        List<Map<String, String>> variants = new ArrayList<>();
        for (DType dtype : SUMMED) {
            DType sum = dtype.isFloating() ? DType.FLOAT64 : dtype;
            variants.add(
                    Map.of(
                            KernelText.NAME,
                            "cum_sum_" + dtype.name(),
                            "CUM_SUM",
                            "1",
                            "T",
                            dtype.name(),
                            "SUM",
                            sum.name(),
                            "ADD",
                            "ADD_" + sum.name(),
                            "NEUTRAL",
                            StepText.constant(sum.bits(-0.0), sum)));
        }
        for (DType dtype : ORDERED) {
            variants.add(ordered("position_", "POSITION", dtype));
        }
        return KernelText.of("lines.k", variants);
    }

    /// {@return the macros of a kernel that looks at the order of elements}
    private static Map<String, String> ordered(String name, String kind, DType dtype) {
        return Map.of(
                KernelText.NAME,
                name + dtype.name(),
                kind,
                "1",
                "T",
                dtype.name(),
                "KEY",
                "KEY_" + dtype.name());
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
            long mask = order == SortOrder.ASCENDING ? 0 : -1;
            Driver.Numbers single = new Driver.Numbers(count, length, mask);
            sort(
                    "keys_" + x.dtype().name(),
                    single,
                    keys,
                    GpuBackend.memory(from),
                    GpuBackend.memory(lines));
            for (long run = 1; run < length; run *= 2) {
                Driver.Numbers runs = new Driver.Numbers(count, length, run);
                Driver.Memory target = GpuBackend.memory(to);
                sort("merge", runs, target, GpuBackend.memory(from), keys);
                Operand merged = to;
                to = from;
                from = merged;
            }
            backend.copy(new Operand(from.storage(), from.layout().permute(back)), out);
        }
    }

    private void sort(String name, Driver.Numbers runs, Driver.Memory... memories) {
        Driver.Kernel kernel = kernels.get("sort", name, AxisKernels::sorts);
        List<Driver.Argument> arguments = new ArrayList<>(List.of(runs));
        arguments.addAll(List.of(memories));
        kernels.forEach(kernel, runs.values()[0], arguments);
    }

    private static KernelText sorts() {
        List<Map<String, String>> variants = new ArrayList<>();
        variants.add(Map.of(KernelText.NAME, "merge", "MERGE", "1"));
        for (DType dtype : ORDERED) {
            variants.add(ordered("keys_", "KEYS", dtype));
        }
        return KernelText.of("sort.k", variants);
    }
}
