package tensor.cpu;

import java.lang.foreign.MemorySegment;
import tensor.layout.DType;
import tensor.spi.Storage;

/// Elements in a block of the pool, from its start.
final class CpuStorage extends Storage {
    private final MemorySegment segment;

    CpuStorage(CpuBackend backend, DType dtype, long elementCount, MemoryPool.Block block) {
        super(backend, dtype, elementCount, block::giveBack);
        this.segment = block.segment();
    }

    /// The elements and the slack behind them.
    MemorySegment segment() {
        return segment;
    }
}
