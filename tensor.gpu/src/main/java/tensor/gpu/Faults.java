package tensor.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.function.Consumer;

/// Whether a kernel met something that must not be: a flag in the device's memory, which kernels raise.
///
/// To look at it waits for the device.
final class Faults {
    private final Recorder driver;
    private final DeviceMemory memory;

    Faults(Recorder driver, DeviceMemory memory) {
        this.driver = driver;
        this.memory = memory;
    }

    /// {@return whether what `launch` launches raised the flag that it gets} Where it is written down, this is not known yet:
    /// the take looks at the flag behind all.
    boolean raisedBy(Consumer<Driver.Memory> launch) {
        Optional<Take> take = driver.recording();
        if (take.isPresent()) {
            launch.accept(take.get().flag());
            return false;
        }
        DeviceMemory.Block flag = memory.take(Integer.BYTES);
        try (Arena arena = Arena.ofConfined()) {
            driver.fill(flag.memory(), Integer.BYTES, (byte) 0);
            launch.accept(flag.memory());
            MemorySegment host = arena.allocate(ValueLayout.JAVA_INT);
            driver.download(flag.memory(), host);
            return host.get(ValueLayout.JAVA_INT, 0) != 0;
        } finally {
            flag.giveBack();
        }
    }
}
