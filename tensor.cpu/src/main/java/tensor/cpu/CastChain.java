package tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Conversions one after the other, block by block, so that what lies between stays in the cache.
final class CastChain implements UnaryKernel {
    private static final int BLOCK = 1024;
    private static final long BLOCK_BYTES = 8L * BLOCK + MemoryPool.SLACK;

    private final int byteSize;
    private final List<Link> links;

    /// One conversion.
    ///
    /// @param loop computes it
    /// @param byteSize of an element that it writes
    record Link(UnaryKernel loop, int byteSize) {}

    /// @param byteSize of an element that the first one reads
    /// @param links at least two
    CastChain(int byteSize, List<Link> links) {
        this.byteSize = byteSize;
        this.links = links;
    }

    @Override
    public void run(MemorySegment x, long xOffset, MemorySegment out, long outOffset, int count) {
        int last = links.size() - 1;
        long outBytes = links.get(last).byteSize;
        try (Arena arena = Arena.ofConfined()) {
            List<MemorySegment> between =
                    List.of(arena.allocate(BLOCK_BYTES, 64), arena.allocate(BLOCK_BYTES, 64));
            for (long i = 0; i < count; i += BLOCK) {
                int length = (int) Math.min(BLOCK, count - i);
                MemorySegment from = x;
                long fromOffset = xOffset + i * byteSize;
                for (int link = 0; link < last; link++) {
                    MemorySegment to = between.get(link % 2);
                    links.get(link).loop.run(from, fromOffset, to, 0, length);
                    from = to;
                    fromOffset = 0;
                }
                links.get(last).loop.run(from, fromOffset, out, outOffset + i * outBytes, length);
            }
        }
    }
}
