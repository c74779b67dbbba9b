package tensor.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import tensor.gpu.Driver;

/// Starts kernels, through `java.lang.foreign`: a step has hundreds of launches, and JCuda takes longer for one than the
/// driver does.
///
/// One thread at a time, since the arguments lie in memory that is used again.
final class Launcher {
    /// What the arguments of a kernel may take, on any device.
    static final int PARAMETER_BYTES = 4096;

    private static final int MOST_ARGUMENTS = PARAMETER_BYTES / Long.BYTES;

    private final MethodHandle launch;
    private final MemorySegment values = Arena.global().allocate(PARAMETER_BYTES, Long.BYTES);
    private final MemorySegment pointers =
            Arena.global().allocate(ValueLayout.ADDRESS, MOST_ARGUMENTS);

    /// @param driver its library
    Launcher(ForeignLibrary driver) {
        var integer = ValueLayout.JAVA_INT;
        var pointer = ValueLayout.ADDRESS;
        this.launch =
                driver.function(
                        "cuLaunchKernel",
                        ValueLayout.JAVA_LONG, // the kernel
                        integer,
                        integer,
                        integer, // groups
                        integer,
                        integer,
                        integer, // threads of a group
                        integer, // shared memory
                        ValueLayout.JAVA_LONG, // stream
                        pointer, // arguments
                        pointer);
    }

    /// Starts a kernel; its device's context must be current.
    ///
    /// @param stream its address
    void launch(
            long stream, long kernel, long groups, int groupSize, List<Driver.Argument> arguments) {
        if (groups > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "cuda: a launch of %d groups; a device takes %d"
                            .formatted(groups, Integer.MAX_VALUE));
        }
        set(arguments);
        int status;
        try {
            status =
                    (int)
                            launch.invokeExact(
                                    kernel,
                                    (int) groups,
                                    1,
                                    1,
                                    groupSize,
                                    1,
                                    1,
                                    0,
                                    stream,
                                    pointers,
                                    MemorySegment.NULL);
        } catch (Throwable e) {
            throw ForeignLibrary.unexpected(e);
        }
        Status.check("cuLaunchKernel", status);
    }

    private void set(List<Driver.Argument> arguments) {
        long at = 0;
        for (int i = 0; i < arguments.size(); i++) {
            pointers.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice(at * Long.BYTES));
            switch (arguments.get(i)) {
                case Driver.Memory memory ->
                        values.setAtIndex(
                                ValueLayout.JAVA_LONG, at++, ((DeviceBytes) memory).address());
                case Driver.Numbers(long[] numbers) -> {
                    for (long number : numbers) {
                        values.setAtIndex(ValueLayout.JAVA_LONG, at++, number);
                    }
                }
            }
        }
    }
}
