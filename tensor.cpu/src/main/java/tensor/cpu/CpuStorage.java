package tensor.cpu;

import java.lang.foreign.MemorySegment;
import tensor.layout.DType;
import tensor.spi.Storage;

/// Elements in a block of the pool, from its start.
final class CpuStorage extends Storage {
    private final MemoryPool.Block block;

    CpuStorage(CpuBackend backend, DType dtype, long elementCount, MemoryPool.Block block) {
        super(backend, dtype, elementCount, block::giveBack);
        this.block = block;
    }

    /// {@return whether the memory was taken from this reserve}
    boolean isOf(MemoryPool.Reserve reserve) {
        return block.isOf(reserve);
    }

    /// The elements and the slack behind them.
    MemorySegment segment() {
        return block.segment();
    }
}
