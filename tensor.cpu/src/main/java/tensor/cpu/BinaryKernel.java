package tensor.cpu;

import java.lang.foreign.MemorySegment;

/// A loop over two dense inputs. It may read and write up to [MemoryPool#SLACK] bytes past the last element.
interface BinaryKernel {
    /// `out[i] = op(a[i], b[i])` for `i` from 0 to `count`; offsets in bytes. `out` may be one of the inputs.
    void run(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count);
}
