package tensor.spi;

import java.util.List;

/// Whether a backend can work on this machine, and why not.
public sealed interface Availability {

    /// It can.
    ///
    /// @param devices at least one, the one to take first if none is named
    record Available(List<Found> devices) implements Availability {
        /// Keeps the list as it is now.
        public Available {
            devices = List.copyOf(devices);
        }
    }

    /// A device that is there.
    ///
    /// @param description what it is, its memory and its versions, one line
    /// @param accelerates whether it is to be preferred to the CPU
    record Found(String description, boolean accelerates) {}

    /// It cannot.
    ///
    /// @param reason what is missing and what to do, one line:
    ///     `libcuda.so.1 not found; install the NVIDIA driver`
    record Unavailable(String reason) implements Availability {}
}
