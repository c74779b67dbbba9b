package tensor.gpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/// The memory of one device: blocks that are used again and again, since asking a driver for one can cost as much as a
/// kernel, and giving one back can wait for all of them.
///
/// **Sizes.** A request is rounded up to a size class, four to each doubling from 256 bytes.
/// **Order.** A block may be taken again while kernels that used it still run: what is called later runs later.
/// **Out of memory.** All idle blocks go back to the driver, and it is asked once more; then the error names what is in use.
/// **Threads.** All methods may be called from any thread.
final class DeviceMemory {
    private static final int SMALLEST_LOG = 8;

    /// How many sizes the message of an error names.
    private static final int NAMED = 5;

    private final Driver driver;
    private final boolean debug;
    private final TreeMap<Long, Deque<Driver.Memory>> idle = new TreeMap<>();
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
        Deque<Driver.Memory> blocks = idle.get(size);
        Driver.Memory memory =
                blocks != null && !blocks.isEmpty() ? blocks.removeLast() : allocate(size);
        used.merge(size, 1, Integer::sum);
        return new Block(this, memory, size);
    }

    private Driver.Memory allocate(long size) {
        try {
            return driver.allocate(size);
        } catch (OutOfMemoryError _) {
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

    /// Gives all idle blocks back to the driver.
    synchronized void trim() {
        idle.values().forEach(blocks -> blocks.forEach(driver::free));
        idle.clear();
    }

    /// {@return the bytes of all blocks that are taken}
    synchronized long usedBytes() {
        return used.entrySet().stream().mapToLong(e -> e.getKey() * e.getValue()).sum();
    }

    /// {@return the bytes of all blocks that wait to be taken again}
    synchronized long idleBytes() {
        return idle.entrySet().stream().mapToLong(e -> e.getKey() * e.getValue().size()).sum();
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
        if (debug) {
            driver.fill(block.memory, block.byteSize, (byte) 0xFF); // NaN as float32 and as float64
        }
        synchronized (this) {
            used.merge(block.byteSize, -1, Integer::sum);
            idle.computeIfAbsent(block.byteSize, _ -> new ArrayDeque<>()).addLast(block.memory);
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
    record Block(DeviceMemory owner, Driver.Memory memory, long byteSize) {

        /// Ends the ownership; to be called once.
        void giveBack() {
            owner.giveBack(this);
        }
    }
}
