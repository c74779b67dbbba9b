package tensor.cpu;

import java.lang.foreign.MemorySegment;

/// Copies rows of elements of 4 bytes by vectors: dense ones, and ones of which every second element counts. Of the source it may
/// read up to two vectors past the last element.
///
/// Offsets, distances and sizes are in bytes; `bytes` is the size of a row whose elements lie without gaps.
interface RowCopy {
    /// The loops, as the compiler has to see them.
    RowCopy LOOPS = Specialize.copy(RowCopyLoops.class, RowCopy.class);

    /// Copies rows that lie without gaps on both sides.
    void dense(
            MemorySegment from,
            long s,
            long sNext,
            MemorySegment to,
            long t,
            long tNext,
            int rows,
            long bytes);

    /// Copies every second element of the source's rows to dense ones.
    void fromEverySecond(
            MemorySegment from,
            long s,
            long sNext,
            MemorySegment to,
            long t,
            long tNext,
            int rows,
            long bytes);

    /// Copies dense rows to every second element of the target's.
    void toEverySecond(
            MemorySegment from,
            long s,
            long sNext,
            MemorySegment to,
            long t,
            long tNext,
            int rows,
            long bytes);

    /// Copies rows into one dense target, and writes up to a vector past the last one.
    ///
    /// @param everySecond whether of the source every second element counts
    void load(
            MemorySegment from,
            long s,
            long sNext,
            int rows,
            boolean everySecond,
            MemorySegment to,
            long t,
            long bytes);
}
