package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How much of a process lies in the machine's memory.
///
/// @param bytes at the moment
/// @param peakBytes the most that there was since its start
record ResidentMemory(long bytes, long peakBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");

    /// {@return that of this process; nothing where there is no `/proc/self/status`, as off Linux}
    static Optional<ResidentMemory> ofThisProcess() {
        if (!Files.isReadable(STATUS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(Files.readAllLines(STATUS)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return what the lines of such a file say}
    ///
    /// @param status lines as `VmRSS:      1024 kB`
    /// @throws IllegalStateException if a line is missing
    static ResidentMemory of(List<String> status) {
        return new ResidentMemory(bytes(status, "VmRSS:"), bytes(status, "VmHWM:"));
    }

    private static long bytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .mapToLong(kibibytes -> Long.parseLong(kibibytes) << 10)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "%s: has no line '%s'; is this Linux?".formatted(STATUS, name)));
    }
}
