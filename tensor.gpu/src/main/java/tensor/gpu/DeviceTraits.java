package tensor.gpu;

/// What the backend has to know of a device, and what a user is told of it.
///
/// @param name the maker's name of it
/// @param versions of its driver and its compiler
/// @param byteSize of its memory
/// @param dialect of its kernels
/// @param kind which kernels suit it
/// @param parameterBytes how long the arguments of one launch may be
/// @param compiles whether its driver compiles any text, or has kernels of ours alone, which interpret programs
/// @param factors how our own kernels round those of products of float32 matrices
public record DeviceTraits(
        String name,
        String versions,
        long byteSize,
        Dialect dialect,
        Kind kind,
        int parameterBytes,
        boolean compiles,
        Factors factors) {

    /// The most threads that a group has, on any device.
    public static final int MOST_THREADS = 1024;

    /// The most local memory that a kernel uses, on any device.
    public static final int MOST_LOCAL_BYTES = 48 << 10;

    /// Which kernels suit a device.
    public enum Kind {
        /// Few threads with vectors and caches.
        CPU,
        /// Many threads in groups with local memory.
        GPU
    }

    /// {@return the same where the kernels of another kind are used}
    ///
    /// @param other which
    public DeviceTraits with(Kind other) {
        return new DeviceTraits(
                name, versions, byteSize, dialect, other, parameterBytes, compiles, factors);
    }

    /// {@return the same where the factors of products are rounded in another way}
    ///
    /// @param other which
    public DeviceTraits with(Factors other) {
        return new DeviceTraits(
                name, versions, byteSize, dialect, kind, parameterBytes, compiles, other);
    }

    /// {@return the same where programs are interpreted}
    ///
    /// @param bytes how long the arguments of one launch may be
    public DeviceTraits interpreting(int bytes) {
        return new DeviceTraits(name, versions, byteSize, dialect, kind, bytes, false, factors);
    }
}
