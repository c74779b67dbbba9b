package tensor.gpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The memory of one device: blocks that are used again and again, since asking a driver for one can cost as much as a
/// kernel, and giving one back can wait for all of them.
///
/// **Sizes.** A request is rounded up to a size class, four to each doubling from 256 bytes.
/// **Order.** A block may be taken again while kernels that used it still run: what is called later runs later.
/// **Out of memory.** All idle blocks go back to the driver, and it is asked once more; then again, behind a collection of
/// what no one reaches any more; then the error names what is in use.
/// **Threads.** All methods may be called from any thread.
final class DeviceMemory {
    private static final int SMALLEST_LOG = 8;

    /// How many sizes the message of an error names.
    private static final int NAMED = 5;

    /// In which a cleaner that has something to do has done some of it.
    private static final long MILLIS_OF_CLEANER = 50;

    private final Driver driver;
    private final boolean debug;
    private final Pool ofAll = new Pool(Set.of());
    private final ScopedValue<Pool> ofThread = ScopedValue.newInstance();
    private final TreeMap<Long, Integer> used = new TreeMap<>();

    /// @param debug whether returned memory is overwritten, so that who reads it gets NaN
    DeviceMemory(Driver driver, boolean debug) {
        this.driver = driver;
        this.debug = debug;
    }

    /// {@return a block of at least this size, contents undefined} The caller gives it back.
    ///
    /// @throws OutOfMemoryError if there is not that much
    synchronized Block take(long byteSize) {
        long size = classSize(byteSize);
        Pool pool = ofThread.isBound() ? ofThread.get() : ofAll;
        Optional<Driver.Memory> own = pool.nextIsConstant() ? Optional.empty() : pool.poll(size);
        Driver.Memory memory = own.or(() -> ofAll.poll(size)).orElseGet(() -> allocate(size));
        if (pool != ofAll) {
            pool.count(memory);
        }
        used.merge(size, 1, Integer::sum);
        return new Block(this, pool, memory, size);
    }

    /// {@return a pool of blocks that no one else takes, until it is closed}
    ///
    /// @param constant which of them, in the order of taking from 0, are not used for anything else, before or after
    Pool pool(Set<Integer> constant) {
        return new Pool(constant);
    }

    /// Runs `body`, in which this thread takes blocks from a pool, and all others go on as before.
    void takingFrom(Pool pool, Runnable body) {
        ScopedValue.where(ofThread, pool).run(body);
    }

    /// Lets everyone take the blocks of a pool, those in use when they come back.
    synchronized void close(Pool pool) {
        pool.closed = true;
        pool.idle.forEach((size, blocks) -> blocks.forEach(block -> ofAll.put(size, block)));
        pool.idle.clear();
        pool.kept.forEach(block -> ofAll.put(block.byteSize, block.memory));
        pool.kept.clear();
    }

    /// Blocks that wait to be taken again.
    static final class Pool {
        private final TreeMap<Long, Deque<Driver.Memory>> idle = new TreeMap<>();
        private final Set<Integer> constant;
        private final IdentityHashMap<Driver.Memory, Integer> taken = new IdentityHashMap<>();
        private final List<Block> kept = new ArrayList<>();
        private int count;
        private boolean closed;

        private Pool(Set<Integer> constant) {
            this.constant = constant;
        }

        private boolean nextIsConstant() {
            return constant.contains(count);
        }

        private void count(Driver.Memory block) {
            taken.put(block, count++);
        }

        private boolean keeps(Driver.Memory block) {
            return !closed && taken.containsKey(block) && constant.contains(taken.get(block));
        }

        private Optional<Driver.Memory> poll(long size) {
            Deque<Driver.Memory> blocks = idle.get(size);
            return Optional.ofNullable(blocks == null ? null : blocks.pollLast());
        }

        private void put(long size, Driver.Memory block) {
            idle.computeIfAbsent(size, _ -> new ArrayDeque<>()).addLast(block);
        }

        /// {@return when a block was last taken from it, from 0; empty if it never was}
        Optional<Integer> number(Driver.Memory block) {
            return Optional.ofNullable(taken.get(block));
        }
    }

    private Driver.Memory allocate(long size) {
        try {
            return driver.allocate(size);
        } catch (OutOfMemoryError _) {
            trim();
        }
        try {
            return driver.allocate(size);
        } catch (OutOfMemoryError _) {
            collect();
            trim();
        }
        try {
            return driver.allocate(size);
        } catch (OutOfMemoryError e) {
            var error = new OutOfMemoryError(needed(size));
            error.initCause(e);
            throw error;
        }
    }

    /// Waits for what no one reaches any more: the collector sees small objects, and not the memory behind them.
    private synchronized void collect() {
        System.gc();
        try {
            long before;
            do {
                before = usedBytes();
                wait(MILLIS_OF_CLEANER); // lets it give back
            } while (usedBytes() < before);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Gives all idle blocks back to the driver.
    synchronized void trim() {
        ofAll.idle.values().forEach(blocks -> blocks.forEach(driver::free));
        ofAll.idle.clear();
    }

    /// {@return the bytes of all blocks that are taken}
    synchronized long usedBytes() {
        return used.entrySet().stream().mapToLong(e -> e.getKey() * e.getValue()).sum();
    }

    /// {@return the bytes of all blocks that wait to be taken again}
    synchronized long idleBytes() {
        return ofAll.idle.entrySet().stream()
                .mapToLong(e -> e.getKey() * e.getValue().size())
                .sum();
    }

    private String needed(long size) {
        List<String> named = new ArrayList<>();
        used.descendingMap().entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted((a, b) ->
                        Long.compare(b.getKey() * b.getValue(), a.getKey() * a.getValue()))
                .limit(NAMED)
                .forEach(e -> named.add("%d of %d bytes".formatted(e.getValue(), e.getKey())));
        return "%s has %d bytes, of which %d are in use (most of them: %s); %d more are needed; use smaller batches"
                .formatted(
                        driver.traits().name(),
                        driver.traits().byteSize(),
                        usedBytes(),
                        named.isEmpty() ? "none" : String.join(", ", named),
                        size);
    }

    private void giveBack(Block block) {
        boolean isConstant = block.pool.keeps(block.memory);
        // What comes back to a record late, by a cleaner, may be in use again by its next run.
        if (debug && block.pool.equals(ofAll)) {
            driver.fill(block.memory, block.byteSize, (byte) 0xFF); // NaN as float32 and as float64
        }
        synchronized (this) {
            used.merge(block.byteSize, -1, Integer::sum);
            if (block.pool.closed) {
                ofAll.put(block.byteSize, block.memory);
            } else if (isConstant) {
                block.pool.kept.add(block);
            } else {
                block.pool.put(block.byteSize, block.memory);
            }
        }
    }

    /// {@return the size of the least class with this many bytes}
    static long classSize(long bytes) {
        long last = Math.max(bytes, 1L << SMALLEST_LOG) - 1;
        int log = 63 - Long.numberOfLeadingZeros(last); // 2ˡᵒᵍ ≤ last
        if (log < SMALLEST_LOG) {
            return 1L << SMALLEST_LOG;
        }
        long quarter = 1L << (log - 2);
        long rounded = (last / quarter + 1) * quarter;
        if (rounded < 0) {
            throw new OutOfMemoryError("%d bytes are more than any device has".formatted(bytes));
        }
        return rounded;
    }

    /// A piece of memory that belongs to whoever took it, until [#giveBack].
    record Block(DeviceMemory owner, Pool pool, Driver.Memory memory, long byteSize) {

        /// Ends the ownership; to be called once.
        void giveBack() {
            owner.giveBack(this);
        }
    }
}
