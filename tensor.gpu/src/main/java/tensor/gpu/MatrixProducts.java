package tensor.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tensor.gpu.ProductLibrary.Matrices;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// Products of matrices, by the kernel that suits the device.
final class MatrixProducts {
    private static final List<DType> TYPES = List.of(DType.FLOAT32, DType.FLOAT64);

    /// Rows that a thread of the kernel with vectors makes.
    private static final int ROWS = 6;

    /// What a group of the kernel with tiles makes; the bits are those of any other.
    private enum Tile {
        SMALL(64, 4),
        /// Reads less, where there are enough of them for all processors of a device.
        LARGE(128, 8);

        static final int THREADS = 256;
        private static final int MANY = 64;

        /// Rows and columns, of a group and of a thread.
        private final int size;

        private final int side;

        Tile(int size, int side) {
            this.size = size;
            this.side = side;
        }

        static Tile of(DType dtype, long rows, long columns, long count) {
            boolean isLarge =
                    dtype == DType.FLOAT32 // others would not fit into registers
                            && rows >= LARGE.size
                            && columns >= LARGE.size;
            return isLarge && LARGE.count(rows, columns) * count >= MANY ? LARGE : SMALL;
        }

        long count(long rows, long columns) {
            return Math.ceilDiv(rows, size) * Math.ceilDiv(columns, size);
        }
    }

    private static final int DEPTH = 16;

    private final GpuBackend backend;
    private final Driver driver;
    private final Kernels kernels;
    private final DeviceTraits.Kind kind;
    private final Optional<ProductLibrary> library;

    MatrixProducts(GpuBackend backend, Driver driver, Kernels kernels, DeviceTraits.Kind kind) {
        this.backend = backend;
        this.driver = driver;
        this.kernels = kernels;
        this.kind = kind;
        this.library = driver.products();
    }

    /// See [tensor.spi.Backend#matMul].
    void run(Operand a, Operand b, Operand out) {
        if (out.shape().elementCount() == 0) {
            return;
        }
        Walk batches = batches(a, b);
        if (library.isPresent() && batches.count() <= Integer.MAX_VALUE && a.shape().size(-1) > 0) {
            multiply(library.orElseThrow(), a, b, out);
            return;
        }
        boolean needsColumns =
                kind == DeviceTraits.Kind.CPU
                        && b.shape().size(-1) > 1
                        && b.layout().stride(-1) != 1;
        if (batches.sizes().size() > Walk.RANK || needsColumns) {
            try (var temporaries = new Temporaries(backend)) {
                boolean isDense = a.layout().isContiguous();
                Operand left = isDense || needsColumns ? a : temporaries.copy(a);
                run(left, temporaries.copy(b), out);
            }
            return;
        }
        long rows = out.shape().size(-2);
        long columns = out.shape().size(-1);
        var product =
                new Driver.Numbers(
                        rows,
                        columns,
                        a.shape().size(-1),
                        a.layout().stride(-2),
                        a.layout().stride(-1),
                        b.layout().stride(-2),
                        b.layout().stride(-1),
                        out.layout().offset());
        List<Driver.Argument> arguments =
                List.of(
                        batches.argument(),
                        product,
                        GpuBackend.memory(out),
                        GpuBackend.memory(a),
                        batches.place(0),
                        GpuBackend.memory(b),
                        batches.place(1));
        switch (kind) {
            case CPU -> {
                int lanes = lanes(a.dtype());
                long blocks = Math.ceilDiv(rows, ROWS) * Math.ceilDiv(columns, 2 * lanes);
                driver.launch(vectors(a.dtype()), blocks * batches.count(), 1, arguments);
            }
            case GPU -> {
                Tile tile = Tile.of(a.dtype(), rows, columns, batches.count());
                driver.launch(
                        tiled(tile, a.dtype()),
                        tile.count(rows, columns) * batches.count(),
                        Tile.THREADS,
                        arguments);
            }
        }
    }

    /// By the library, which reads matrices where they lie or else where they are copied to.
    private void multiply(ProductLibrary library, Operand a, Operand b, Operand out) {
        Walk batches = batches(a, b);
        boolean isOneAxis = batches.sizes().size() <= 1;
        Optional<Matrices> left = Matrices.of(a, batches.places().get(0)).filter(_ -> isOneAxis);
        Optional<Matrices> right = Matrices.of(b, batches.places().get(1)).filter(_ -> isOneAxis);
        if (left.isEmpty() || right.isEmpty()) {
            try (var temporaries = new Temporaries(backend)) {
                multiply(
                        library,
                        left.isEmpty() ? temporaries.copy(a) : a,
                        right.isEmpty() ? temporaries.copy(b) : b,
                        out);
            }
            return;
        }
        library.multiply(
                new ProductLibrary.Products(
                        out.dtype(),
                        (int) batches.count(),
                        out.shape().size(-2),
                        out.shape().size(-1),
                        a.shape().size(-1),
                        left.orElseThrow(),
                        right.orElseThrow(),
                        GpuBackend.memory(out),
                        out.layout().offset()));
    }

    private static Walk batches(Operand a, Operand b) {
        return Walk.over(withoutMatrix(a.layout()), withoutMatrix(b.layout()));
    }

    private static Layout withoutMatrix(Layout layout) {
        int rank = layout.shape().rank() - 2;
        return Layout.of(
                Shape.of(Arrays.copyOf(layout.shape().sizes(), rank)),
                Arrays.copyOf(layout.strides(), rank),
                layout.offset());
    }

    /// {@return how many elements a vector of 512 bits has}
    private static int lanes(DType dtype) {
        return Long.BYTES * 8 / dtype.byteSize();
    }

    private Driver.Kernel vectors(DType dtype) {
        return kernels.get("vectors", "product_" + dtype.name(), MatrixProducts::vectors);
    }

    private static KernelText vectors() {
        List<Map<String, String>> variants = new ArrayList<>();
        for (DType dtype : TYPES) {
            int lanes = lanes(dtype);
            String type = dtype == DType.FLOAT32 ? "float" : "double";
            variants.add(
                    Map.of(
                            KernelText.NAME,
                            "product_" + dtype.name(),
                            "T",
                            dtype.name(),
                            "VECTOR",
                            type + lanes,
                            "LOAD",
                            "vload" + lanes,
                            "STORE",
                            "vstore" + lanes,
                            "LANES",
                            Integer.toString(lanes),
                            "ROWS",
                            Integer.toString(ROWS)));
        }
        return KernelText.of("matmul-vectors.k", variants);
    }

    private Driver.Kernel tiled(Tile tile, DType dtype) {
        return kernels.get(tile, "product_" + dtype.name(), () -> tiled(tile));
    }

    private static KernelText tiled(Tile tile) {
        List<Map<String, String>> variants = new ArrayList<>();
        for (DType dtype : tile == Tile.LARGE ? List.of(DType.FLOAT32) : TYPES) {
            variants.add(
                    Map.of(
                            KernelText.NAME,
                            "product_" + dtype.name(),
                            "T",
                            dtype.name(),
                            "TILE",
                            Integer.toString(tile.size),
                            "SIDE",
                            Integer.toString(tile.side),
                            "DEPTH",
                            Integer.toString(DEPTH)));
        }
        return KernelText.of("matmul-tiled.k", variants);
    }
}
