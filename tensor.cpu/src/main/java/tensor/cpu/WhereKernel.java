package tensor.cpu;

import java.lang.foreign.MemorySegment;

/// A choice between two dense inputs. It may read and write up to [MemoryPool#SLACK] bytes past the last element.
interface WhereKernel {
    /// `out[i] = condition[i] ? a[i] : b[i]` for `i` from 0 to `count`; offsets in bytes; `condition` is bool.
    void run(
            MemorySegment condition,
            long conditionOffset,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment out,
            long outOffset,
            int count);
}
