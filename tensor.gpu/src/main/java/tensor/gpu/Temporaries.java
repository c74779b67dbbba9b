package tensor.gpu;

import java.util.ArrayList;
import java.util.List;
import tensor.layout.DType;
import tensor.layout.Layout;
import tensor.layout.Shape;
import tensor.spi.Operand;
import tensor.spi.Storage;

/// Memory for the time of a `try`. It may be used again at once, since what is launched later runs later.
final class Temporaries implements AutoCloseable {
    private final GpuBackend backend;
    private final List<Storage> made = new ArrayList<>();

    Temporaries(GpuBackend backend) {
        this.backend = backend;
    }

    /// {@return a dense operand, contents undefined}
    Operand fresh(DType dtype, Shape shape) {
        Storage storage = backend.allocate(dtype, shape.elementCount());
        made.add(storage);
        return new Operand(storage, Layout.contiguous(shape));
    }

    /// {@return memory for some elements}
    Driver.Memory memory(DType dtype, long elementCount) {
        Storage storage = backend.allocate(dtype, elementCount);
        made.add(storage);
        return ((GpuStorage) storage).memory();
    }

    /// {@return a dense copy of an operand}
    Operand copy(Operand x) {
        Operand copy = fresh(x.dtype(), x.shape());
        backend.copy(x, copy);
        return copy;
    }

    @Override
    public void close() {
        made.forEach(storage -> storage.release("the operation that needed it"));
    }
}
