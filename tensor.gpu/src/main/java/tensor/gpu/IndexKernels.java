package tensor.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// Elements by their positions along one axis.
final class IndexKernels {
    private final GpuBackend backend;
    private final Kernels kernels;
    private final Faults faults;

    IndexKernels(GpuBackend backend, Kernels kernels, Faults faults) {
        this.backend = backend;
        this.kernels = kernels;
        this.faults = faults;
    }

    void gather(Operand x, Operand index, int axis, Operand out) {
        Driver.Kernel kernel = kernel("gather_", GpuBackend.bits(x.dtype()));
        var along = new Driver.Numbers(x.shape().size(axis), x.layout().stride(axis));
        long[] strides = x.layout().strides();
        strides[axis] = 0;
        Layout others = Layout.of(index.shape(), strides, x.layout().offset());
        boolean isOutside =
                faults.raisedBy(flag ->
                        Walk.over(out.layout(), others, index.layout())
                                .forEachPart(walk ->
                                        kernels.forEach(
                                                kernel,
                                                walk.count(),
                                                List.of(
                                                        walk.argument(),
                                                        GpuBackend.memory(out),
                                                        walk.place(0),
                                                        GpuBackend.memory(x),
                                                        walk.place(1),
                                                        GpuBackend.memory(index),
                                                        walk.place(2),
                                                        along,
                                                        flag))));
        if (isOutside) {
            throw outside(index, axis, x.shape());
        }
    }

    void scatterAdd(Operand index, Operand source, int axis, Operand out) {
        if (index.shape().elementCount() == 0) {
            return;
        }
        Driver.Kernel kernel = kernel("scatter_add_", out.dtype());
        Lines all = Lines.along(axis, out);
        Lines positions = Lines.along(axis, index);
        // no axis of the index is longer, so these are the lines of `out` that it names
        Layout named =
                Layout.of(
                        positions.starts().shape(), all.starts().strides(), all.starts().offset());
        List<Lines> operands =
                List.of(
                        new Lines(all.memory(), named, all.step()),
                        Lines.along(axis, source),
                        positions);
        var size = new Driver.Numbers((long) out.shape().size(axis));
        long length = index.shape().size(axis);
        boolean isOutside =
                faults.raisedBy(flag ->
                        kernels.lines(
                                kernel,
                                operands,
                                Kernels.GROUP,
                                Kernels.GROUP,
                                List.of(size, flag),
                                length));
        if (isOutside) {
            throw outside(index, axis, out.shape());
        }
    }

    /// Raises an error if an element of `x` is 0.
    void checkDivisor(Operand x) {
        Driver.Kernel kernel = kernel("any_zero_", x.dtype());
        boolean isZero =
                faults.raisedBy(flag ->
                        Walk.over(x.layout())
                                .forEachPart(walk ->
                                        kernels.forEach(
                                                kernel,
                                                walk.count(),
                                                List.of(
                                                        walk.argument(),
                                                        GpuBackend.memory(x),
                                                        walk.place(0),
                                                        flag))));
        if (isZero) {
            throw new ArithmeticException(
                    "div: %s is divided by 0; compare with 0 first".formatted(x.dtype()));
        }
    }

    private Driver.Kernel kernel(String name, DType dtype) {
        return kernels.get("index", name + dtype.name(), IndexKernels::all);
    }

    private static KernelText all() {
        List<Map<String, String>> variants = new ArrayList<>();
        for (DType dtype : DType.values()) {
            if (GpuBackend.BITS.contains(dtype)) {
                variants.add(variant("gather_", "GATHER", dtype));
            }
            if (dtype.isFloating() || dtype.isInteger()) {
                variants.add(variant("scatter_add_", "SCATTER_ADD", dtype));
            }
            if (dtype.isInteger()) {
                variants.add(variant("any_zero_", "ANY_ZERO", dtype));
            }
        }
        return KernelText.of("index.k", variants);
    }

    private static Map<String, String> variant(String name, String kind, DType dtype) {
        return Map.of(
                KernelText.NAME,
                name + dtype.name(),
                kind,
                "1",
                "T",
                dtype.name(),
                "ADD",
                "ADD_" + dtype.name());
    }

    /// {@return the error that names the first position outside}
    private IndexOutOfBoundsException outside(Operand index, int axis, Shape shape) {
        int size = shape.size(axis);
        try (var temporaries = new Temporaries(backend);
                Arena arena = Arena.ofConfined()) {
            Operand dense = temporaries.copy(index);
            MemorySegment host = arena.allocate(dense.storage().byteSize(), Long.BYTES);
            backend.download(dense.storage(), host);
            long first =
                    host.elements(ValueLayout.JAVA_LONG)
                            .mapToLong(each -> each.get(ValueLayout.JAVA_LONG, 0))
                            .filter(position -> position < 0 || position >= size)
                            .findFirst()
                            .orElseThrow();
            return new IndexOutOfBoundsException(
                    "index %d is outside axis %d of %s, which has %d elements"
                            .formatted(first, axis, shape, size));
        }
    }
}
