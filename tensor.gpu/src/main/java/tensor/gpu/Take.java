package tensor.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Work that one thread asks for, done and written down, in memory that no one else takes.
///
/// Whether a position was outside of its axis, or a divisor 0, is looked at once behind all of it.
final class Take {
    private final Recorder recorder;
    private final DeviceMemory memory;
    private final DeviceMemory.Pool pool;
    private final DeviceMemory.Block flag;
    private final Calls calls;
    private final Set<Integer> uploaded = new HashSet<>();
    private boolean mayFail;

    private Take(
            Recorder recorder,
            DeviceMemory memory,
            Set<Integer> constant,
            List<Driver.Memory> given) {
        this.recorder = recorder;
        this.memory = memory;
        this.pool = memory.pool(constant);
        this.flag = memory.take(Integer.BYTES);
        IdentityHashMap<Driver.Memory, String> names = new IdentityHashMap<>();
        for (int i = 0; i < given.size(); i++) {
            names.put(given.get(i), "input " + i);
        }
        names.put(flag.memory(), "flag");
        this.calls =
                new Calls(each ->
                        Optional.ofNullable(names.get(each))
                                .or(() -> pool.number(each).map(number -> "block " + number)));
    }

    /// {@return what `body` asks for} It is done.
    ///
    /// @param given memory that it may use beside its own, by identity
    /// @param constant which of the blocks that it takes hold what is uploaded, by their order
    static Take of(
            Recorder recorder,
            DeviceMemory memory,
            Set<Integer> constant,
            List<Driver.Memory> given,
            Runnable body) {
        var take = new Take(recorder, memory, constant, given);
        try {
            recorder.writing(
                    take,
                    () -> {
                        recorder.fill(take.flag.memory(), Integer.BYTES, (byte) 0);
                        memory.takingFrom(take.pool, body);
                    });
            take.calls.requireAccepted();
            take.look();
        } catch (RuntimeException | Error e) {
            take.close();
            throw e;
        }
        return take;
    }

    /// {@return what is to be done again}
    Calls calls() {
        return calls;
    }

    /// {@return what kernels raise where something must not be}
    Driver.Memory flag() {
        mayFail = true;
        return flag.memory();
    }

    void upload(MemorySegment host, Driver.Memory target) {
        calls.upload(target, host.toArray(ValueLayout.JAVA_BYTE));
        uploaded.add(pool.number(target).orElseThrow());
    }

    /// {@return into which of the blocks that it took something was uploaded, by their order}
    Set<Integer> uploaded() {
        return uploaded;
    }

    /// Waits for the work and checks that the flag is not raised.
    void look() {
        if (!mayFail) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(ValueLayout.JAVA_INT);
            recorder.driver().download(flag.memory(), host);
            if (host.get(ValueLayout.JAVA_INT, 0) != 0) {
                throw new IndexOutOfBoundsException(
                        "capture: a position is outside of its axis, or a whole number is divided by 0; call the function without a capture to see which");
            }
        }
    }

    /// Gives the memory back.
    void close() {
        memory.close(pool);
        flag.giveBack();
    }
}
