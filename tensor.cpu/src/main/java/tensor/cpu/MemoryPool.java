package tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The memory of the CPU backend: off-heap blocks, 64-byte aligned, that are used again and again.
///
/// **Sizes.** A request is rounded up to a size class, four to each doubling from 256 bytes, plus [#SLACK] bytes behind
/// it that a loop may read and write: so no loop needs a tail, and what stands there means nothing.
/// **Where from.** Blocks up to 64 KiB are cut from slabs of one arena that lives as long as the pool. Larger ones have
/// an arena each; when idle ones add up to more than both a given sum and what is in use, the oldest go back to the
/// system. (Closing an arena costs as much as a small step of training, so it must stay rare.)
/// **Threads.** All methods may be called from any thread.
final class MemoryPool {
    /// Bytes behind every block's last element that loops may read and overwrite: two vectors of 512 bits.
    static final int SLACK = 128;

    private static final int ALIGNMENT = 64;
    private static final int SMALLEST_LOG = 8;
    private static final int CLASSES = 4 * (63 - SMALLEST_LOG);

    /// More than any machine has, and less than the greatest class.
    private static final long MOST_BYTES = 1L << 61;

    private static final long LARGE_BYTES = 64 << 10;
    private static final long SLAB_BYTES = 1 << 20;

    private final Arena arena = Arena.ofShared();
    private final Shelf[] shelves = new Shelf[CLASSES];
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong idleLargeBytes = new AtomicLong();
    private final AtomicLong returns = new AtomicLong();
    private final Recorder recorder;
    private final boolean debug;
    private final long keptIdleBytes;
    private MemorySegment slab = MemorySegment.NULL;

    /// @param debug whether returned memory is overwritten, so that who reads it gets NaN
    /// @param keptIdleBytes up to this sum, idle large blocks are always kept
    MemoryPool(boolean debug, long keptIdleBytes) {
        this(debug, keptIdleBytes, new Recorder());
    }

    /// @param debug as above
    /// @param keptIdleBytes as above
    /// @param recorder knows who takes from a reserve
    MemoryPool(boolean debug, long keptIdleBytes, Recorder recorder) {
        this.recorder = recorder;
        this.debug = debug;
        this.keptIdleBytes = keptIdleBytes;
        for (int i = 0; i < CLASSES; i++) {
            shelves[i] = new Shelf();
        }
    }

    /// {@return a block of at least this size, contents undefined} The caller gives it back.
    ///
    /// @throws OutOfMemoryError if there is not that much
    Block take(long byteSize) {
        if (byteSize > MOST_BYTES) {
            throw new OutOfMemoryError("Unable to allocate " + byteSize + " bytes");
        }
        int sizeClass = sizeClass(byteSize + SLACK);
        CpuCapture capture = recorder.current();
        return capture == null ? take(sizeClass) : capture.reserve().take(sizeClass);
    }

    private Block take(int sizeClass) {
        long size = classSize(sizeClass);
        Block block = shelves[sizeClass].pop();
        if (block == null) {
            block = allocate(sizeClass, size);
        } else if (size > LARGE_BYTES) {
            idleLargeBytes.addAndGet(-size);
        }
        usedBytes.addAndGet(size);
        return block;
    }

    /// {@return blocks that no one else takes, until it is closed}
    Reserve reserve() {
        return new Reserve();
    }

    /// Lets everyone take the blocks of a reserve, those in use when they come back.
    void close(Reserve reserve) {
        reserve.close().forEach(this::giveBack);
    }

    /// {@return the bytes of all blocks that are taken} Those of a reserve are.
    long usedBytes() {
        return usedBytes.get();
    }

    /// {@return the bytes of all large blocks that wait to be taken again}
    long idleLargeBytes() {
        return idleLargeBytes.get();
    }

    private Block allocate(int sizeClass, long size) {
        if (size > LARGE_BYTES) {
            Arena own = Arena.ofShared();
            return new Block(this, sizeClass, own.allocate(size, ALIGNMENT), own);
        }
        return new Block(this, sizeClass, cut(size), arena);
    }

    private synchronized MemorySegment cut(long size) {
        if (slab.byteSize() < size) {
            slab = arena.allocate(SLAB_BYTES, ALIGNMENT);
        }
        MemorySegment piece = slab.asSlice(0, size);
        slab = slab.asSlice(size);
        return piece;
    }

    private void giveBack(Block block) {
        Reserve reserve = block.reserve;
        if (reserve != null && reserve.keeps(block)) {
            return;
        }
        block.reserve = null;
        long size = block.segment.byteSize();
        if (debug) {
            block.segment.fill((byte) 0xFF); // NaN as float32 and as float64
        }
        usedBytes.addAndGet(-size);
        if (size > LARGE_BYTES) {
            idleLargeBytes.addAndGet(size);
        }
        shelves[block.sizeClass].push(block, returns.getAndIncrement());
        while (idleLargeBytes.get() > Math.max(keptIdleBytes, usedBytes.get()) && dropOldest()) {}
    }

    /// Returns the large block to the system that was idle for longest; false if there is none.
    private boolean dropOldest() {
        Shelf oldest = shelves[CLASSES - 1];
        for (int i = sizeClass(LARGE_BYTES + 1); i < CLASSES; i++) {
            if (shelves[i].oldest() < oldest.oldest()) {
                oldest = shelves[i];
            }
        }
        Block block = oldest.dropOldest();
        if (block == null) {
            return false;
        }
        idleLargeBytes.addAndGet(-block.segment.byteSize());
        block.arena.close();
        return true;
    }

    /// The least class whose blocks have this many bytes.
    static int sizeClass(long bytes) {
        long last = Math.max(bytes, 1L << SMALLEST_LOG) - 1;
        int log = 63 - Long.numberOfLeadingZeros(last); // 2ˡᵒᵍ ≤ last
        if (log < SMALLEST_LOG) {
            return 0;
        }
        int quarter = (int) (last >>> (log - 2)) & 3;
        return 4 * (log - SMALLEST_LOG) + quarter + 1;
    }

    /// The bytes of a block of this class.
    static long classSize(int sizeClass) {
        return (4L + (sizeClass & 3)) << (SMALLEST_LOG - 2 + (sizeClass >> 2));
    }

    /// A piece of memory that belongs to whoever took it, until [#giveBack].
    static final class Block implements AutoCloseable {
        private final MemoryPool pool;
        private final int sizeClass;
        private final MemorySegment segment;
        private final Arena arena;
        private long returned;

        /// For whom it is kept; set before anyone has it.
        private @Nullable Reserve reserve;

        private Block(MemoryPool pool, int sizeClass, MemorySegment segment, Arena arena) {
            this.pool = pool;
            this.sizeClass = sizeClass;
            this.segment = segment;
            this.arena = arena;
        }

        /// The memory, slack included.
        MemorySegment segment() {
            return segment;
        }

        /// {@return whether it was taken from this reserve}
        boolean isOf(Reserve other) {
            return reserve == other;
        }

        /// Ends the ownership; to be called once.
        void giveBack() {
            pool.giveBack(this);
        }

        /// Likewise, behind a `try`.
        @Override
        public void close() {
            giveBack();
        }
    }

    /// Blocks that only one record takes again and again, so that nobody else writes into them between its runs.
    final class Reserve {
        private final List<Block> idle = new ArrayList<>();
        private boolean closed;

        private Reserve() {}

        private synchronized Block take(int sizeClass) {
            for (int i = idle.size() - 1; i >= 0; i--) { // the last one may still be in the cache
                if (idle.get(i).sizeClass == sizeClass) {
                    return idle.remove(i);
                }
            }
            Block block = MemoryPool.this.take(sizeClass);
            block.reserve = this;
            return block;
        }

        private synchronized boolean keeps(Block block) {
            if (!closed) {
                idle.add(block); // not overwritten: who comes late may meet the loops being done
                // again
            }
            return !closed;
        }

        private synchronized List<Block> close() {
            closed = true;
            return idle;
        }
    }

    /// The idle blocks of one class; the last one returned is taken first, for it may still be in the cache.
    private static final class Shelf {
        private final Deque<Block> blocks = new ArrayDeque<>();

        private synchronized @Nullable Block pop() {
            return blocks.pollLast();
        }

        private synchronized void push(Block block, long time) {
            block.returned = time;
            blocks.addLast(block);
        }

        private synchronized long oldest() {
            Block first = blocks.peekFirst();
            return first == null ? Long.MAX_VALUE : first.returned;
        }

        private synchronized @Nullable Block dropOldest() {
            return blocks.pollFirst();
        }
    }
}
