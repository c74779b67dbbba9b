package tensor.cpu;

import java.lang.foreign.MemorySegment;

/// A loop over one dense input. It may read and write up to [MemoryPool#SLACK] bytes past the last element.
interface UnaryKernel {
    /// `out[i] = op(x[i])` for `i` from 0 to `count`; offsets in bytes. `out` may be `x`.
    void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count);
}
