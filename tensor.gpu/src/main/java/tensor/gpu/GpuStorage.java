package tensor.gpu;

import tensor.layout.DType;
import tensor.spi.Storage;

/// Elements in a block of the device's memory, from its start.
final class GpuStorage extends Storage {
    private final Driver.Memory memory;

    GpuStorage(GpuBackend backend, DType dtype, long elementCount, DeviceMemory.Block block) {
        super(backend, dtype, elementCount, block::giveBack);
        this.memory = block.memory();
    }

    /// {@return the memory, at least as long as the elements}
    Driver.Memory memory() {
        return memory;
    }
}
