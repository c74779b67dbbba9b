package tensor.gpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What a device can do by itself: keep bytes, move them, compile the text of kernels and launch them.
///
/// **Order.** What is called on one thread happens in that order on the device. Only [#download] and [#synchronize] wait.
/// **Threads.** All methods may be called from any thread.
public interface Driver {

    /// Memory on the device, as its driver knows it.
    non-sealed interface Memory extends Argument {}

    /// A kernel that is ready to be launched, as its driver knows it.
    interface Kernel {}

    /// What a kernel is launched with.
    sealed interface Argument permits Memory, Numbers {}

    /// A struct of 64-bit integers, or one of them.
    ///
    /// @param values in the order of the struct
    @SuppressWarnings("ArrayRecordComponent") // it only carries them to the device
    record Numbers(long... values) implements Argument {}

    /// {@return what is to be known of the device}
    DeviceTraits traits();

    /// {@return new memory, contents undefined} The caller gives it back by [#free].
    ///
    /// @param byteSize at least 1
    /// @throws OutOfMemoryError if there is not that much
    Memory allocate(long byteSize);

    /// Gives memory back; what was called before may still use it.
    ///
    /// @param memory of [#allocate]
    void free(Memory memory);

    /// Fills the start of `target`; the host's memory may change as soon as this returns.
    ///
    /// @param host of any alignment, on or off the heap
    /// @param target at least as long
    void upload(MemorySegment host, Memory target);

    /// Waits for what was called before and reads the start of `source`.
    ///
    /// @param source at least as long
    /// @param host of any alignment, on or off the heap
    void download(Memory source, MemorySegment host);

    /// Sets each byte of the start of `target`.
    ///
    /// @param target at least as long
    /// @param byteSize how many
    /// @param value of each
    void fill(Memory target, long byteSize, byte value);

    /// {@return the kernels of a text in the dialect of the device, by their names}
    ///
    /// @param text with the prelude of the dialect
    /// @param names of the kernels in the text
    /// @throws IllegalStateException if it does not compile; the message has the compiler's
    Map<String, Kernel> compile(String text, List<String> names);

    /// Starts `groups` groups of `groupSize` threads.
    ///
    /// @param kernel of [#compile]
    /// @param groups at least 1
    /// @param groupSize at most [DeviceTraits#MOST_THREADS]
    /// @param arguments in the order of the kernel's
    void launch(Kernel kernel, long groups, int groupSize, List<Argument> arguments);

    /// {@return the maker's own library for products of matrices, if there is one; else the backend has kernels}
    default Optional<ProductLibrary> products() {
        return Optional.empty();
    }

    /// Work that a device does as a whole.
    interface Graph extends AutoCloseable {

        /// Starts it, behind what was called before.
        void launch();

        @Override
        void close();
    }

    /// {@return the work that `calls` launches, fills and multiplies, to be started as a whole} It is not done by this.
    ///
    /// @param calls asks the driver that it gets; it may be called now, or at each start
    default Graph graph(Consumer<Driver> calls) {
        return new Graph() {
            @Override
            public void launch() {
                calls.accept(Driver.this);
            }

            @Override
            public void close() {}
        };
    }

    /// Waits until everything called so far is done.
    void synchronize();
}
