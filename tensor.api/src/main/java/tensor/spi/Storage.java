package tensor.spi;

import java.lang.ref.Cleaner;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tensor.layout.DType;

/// A run of elements in the memory of a device.
///
/// **Ownership.** The tensors that see a storage share it; it is given back once, by the scope that
/// owns it ([#release]) or, where none does, after the last reference to it is gone
/// ([#releaseWhenUnreachable]). Memory is pooled, so it outlives its storage: whoever uses a
/// storage checks [#isReleased] once per operation. With `-Dtensor.debug=true` a storage knows
/// where it was allocated, and backends fill released memory with NaN.
/// **Threads.** All methods may be called from any thread.
public abstract class Storage {
    private final Backend backend;
    private final DType dtype;
    private final long elementCount;
    private final Free free;
    private final AtomicBoolean registered = new AtomicBoolean();
    private volatile Cleaner.@Nullable Cleanable cleanable;
    private final @Nullable Throwable allocation;
    private volatile @Nullable String releasedBy;
    private volatile int version;

    /// Makes a storage over memory that the backend has allocated.
    ///
    /// @param backend whose memory it is
    /// @param dtype the type of the elements
    /// @param elementCount the number of elements
    /// @param free gives the memory back; run exactly once, on any thread, possibly after this
    ///     storage is gone, so it must not refer to this storage
    protected Storage(Backend backend, DType dtype, long elementCount, Runnable free) {
        this.backend = backend;
        this.dtype = dtype;
        this.elementCount = elementCount;
        this.free = new Free(free);
        this.allocation = Debug.ON ? new Throwable("allocated here") : null;
    }

    /// {@return the backend whose memory this is}
    public final Backend backend() {
        return backend;
    }

    /// {@return the type of the elements}
    public final DType dtype() {
        return dtype;
    }

    /// {@return the number of elements}
    public final long elementCount() {
        return elementCount;
    }

    /// {@return the size of all elements in bytes}
    public final long byteSize() {
        return elementCount * dtype.byteSize();
    }

    /// Gives the memory back to the backend. A second call changes nothing.
    ///
    /// @param by who ends its life, as it stands in messages: `scope 'train step 17'`
    public final void release(String by) {
        if (releasedBy == null) {
            releasedBy = by; // before the memory is reused, so that no check comes too late
        }
        Cleaner.Cleanable watched = cleanable;
        if (watched == null) {
            free.run();
        } else {
            watched.clean(); // runs free, and frees the cleaner of this storage too
        }
    }

    /// {@return whether the memory has been given back}
    public final boolean isReleased() {
        return releasedBy != null;
    }

    /// {@return who gave the memory back; empty while it is alive}
    public final Optional<String> releasedBy() {
        return Optional.ofNullable(releasedBy);
    }

    /// {@return how often elements have been overwritten in place} A tensor that saw an earlier version is out of date.
    public final int version() {
        return version;
    }

    /// Says that elements are overwritten in place, by the owner, on one thread.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one owner writes, any thread reads
    public final void overwrite() {
        version++;
    }

    /// {@return the stack at allocation; empty unless the JVM runs with `-Dtensor.debug=true`}
    public final Optional<Throwable> allocation() {
        return Optional.ofNullable(allocation);
    }

    /// Gives the memory back when nothing refers to this storage any more. A second call changes
    /// nothing.
    public final void releaseWhenUnreachable() {
        if (registered.compareAndSet(false, true)) {
            cleanable = Net.CLEANER.register(this, free);
        }
    }

    /// Runs the given action once, whoever comes first: the owner or the cleaner.
    private static final class Free implements Runnable {
        private final AtomicBoolean done = new AtomicBoolean();
        private final Runnable action;

        private Free(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        }
    }

    /// The cleaner thread, started with the first storage that needs it.
    private static final class Net {
        private static final Cleaner CLEANER = Cleaner.create();
    }

    /// Read once, so that the check costs nothing when it is off.
    private static final class Debug {
        private static final boolean ON = Boolean.getBoolean("tensor.debug");
    }
}
