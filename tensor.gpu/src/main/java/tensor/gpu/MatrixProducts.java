package tensor.gpu;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tensor.gpu.ProductLibrary.Matrices;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;

/// Products of matrices, by the kernel that suits the device.
final class MatrixProducts {
    private final GpuBackend backend;
    private final Driver driver;
    private final Kernels kernels;
    private final DeviceTraits traits;
    private final Optional<ProductLibrary> library;

    /// @param traits which kernels suit the device, where the driver has no library
    MatrixProducts(GpuBackend backend, Driver driver, Kernels kernels, DeviceTraits traits) {
        this.backend = backend;
        this.driver = driver;
        this.kernels = kernels;
        this.traits = traits;
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
        boolean rounds = a.dtype() == DType.FLOAT32 && traits.factors() != Factors.FLOAT32;
        boolean needsColumns =
                traits.kind() == DeviceTraits.Kind.CPU
                        && !rounds
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
        ProductTile tile = ProductTile.of(a.dtype(), rows, columns, batches.count());
        long tiles = tile.count(rows, columns) * batches.count();
        if (rounds) {
            driver.launch(mma(tile), tiles, ProductText.MMA_THREADS, arguments);
        } else if (traits.kind() == DeviceTraits.Kind.GPU) {
            driver.launch(tiled(tile, a.dtype()), tiles, ProductText.THREADS, arguments);
        } else {
            long blocks =
                    Math.ceilDiv(rows, ProductText.ROWS)
                            * Math.ceilDiv(columns, 2 * ProductText.lanes(a.dtype()));
            driver.launch(vectors(a.dtype()), blocks * batches.count(), 1, arguments);
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

    private Driver.Kernel vectors(DType dtype) {
        return kernels.get("vectors", ProductText.name(dtype), ProductText::vectors);
    }

    private Driver.Kernel tiled(ProductTile tile, DType dtype) {
        return kernels.get(tile, ProductText.name(dtype), () -> ProductText.tiled(tile));
    }

    private Driver.Kernel mma(ProductTile tile) {
        List<Object> family = List.of("mma", tile);
        return kernels.get(family, ProductText.name(traits.factors()), () -> ProductText.mma(tile));
    }
}
