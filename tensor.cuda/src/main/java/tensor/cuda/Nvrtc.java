package tensor.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// NVIDIA's run-time compiler: text in CUDA C++ becomes code for one architecture.
///
/// A device that is newer than the compiler gets the intermediate language (PTX) of the newest architecture that the
/// compiler knows, which the driver translates.
final class Nvrtc implements KernelCompiler {
    private final ForeignLibrary library;
    private final int major;
    private final int minor;
    private final int[] architectures;

    Nvrtc(ForeignLibrary library) {
        this.library = library;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 2);
            check("nvrtcVersion", numbers, numbers.asSlice(Integer.BYTES));
            this.major = numbers.getAtIndex(ValueLayout.JAVA_INT, 0);
            this.minor = numbers.getAtIndex(ValueLayout.JAVA_INT, 1);
            check("nvrtcGetNumSupportedArchs", numbers);
            int count = numbers.get(ValueLayout.JAVA_INT, 0);
            MemorySegment known = arena.allocate(ValueLayout.JAVA_INT, count);
            check("nvrtcGetSupportedArchs", known);
            this.architectures = known.toArray(ValueLayout.JAVA_INT);
        }
    }

    /// {@return the compiler that works with a driver, the newest first}
    ///
    /// @param folders where to look
    /// @param driverMajor of CUDA, as the driver knows it: it takes no code of later ones
    static Optional<Nvrtc> find(LibraryFolders folders, int driverMajor) {
        Optional<Nvrtc> found = Optional.empty();
        for (int each = driverMajor; found.isEmpty() && each >= CudaMachine.LEAST_MAJOR; each--) {
            found =
                    folders.open("libnvrtc.so." + each, "libnvrtc-builtins.so." + each + ".*")
                            .map(Nvrtc::new);
        }
        return found;
    }

    @Override
    public boolean takesAnyText() {
        return true;
    }

    @Override
    public String version() {
        return "NVRTC %d.%d".formatted(major, minor);
    }

    @Override
    public Optional<String> target(int capability) {
        int newest = 0;
        for (int architecture : architectures) {
            if (architecture == capability) {
                return Optional.of("sm_" + capability);
            }
            newest = architecture < capability ? Math.max(newest, architecture) : newest;
        }
        return newest == 0 ? Optional.empty() : Optional.of("compute_" + newest);
    }

    @Override
    public byte[] compile(String text, String target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            check(
                    "nvrtcCreateProgram",
                    handle,
                    arena.allocateFrom(text),
                    arena.allocateFrom("kernels.cu"),
                    0,
                    MemorySegment.NULL,
                    MemorySegment.NULL);
            MemorySegment program = handle.get(ValueLayout.ADDRESS, 0);
            try {
                List<String> options = options(target);
                MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, options.size());
                for (int i = 0; i < options.size(); i++) {
                    pointers.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(options.get(i)));
                }
                int status = library.call("nvrtcCompileProgram", program, options.size(), pointers);
                if (status != 0) {
                    throw new IllegalStateException(
                            new String(bytes("ProgramLog", program), StandardCharsets.UTF_8)
                                    .replace("\0", "")
                                    .strip());
                }
                return bytes(target.startsWith("sm_") ? "CUBIN" : "PTX", program);
            } finally {
                check("nvrtcDestroyProgram", handle);
            }
        }
    }

    /// Without contraction, so that what is fused has the bits of what is not.
    private static List<String> options(String target) {
        return List.of("--gpu-architecture=" + target, "--fmad=false", "--std=c++17");
    }

    /// {@return what a program has, text with its NUL}
    private byte[] bytes(String what, MemorySegment program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
            check("nvrtcGet" + what + "Size", program, size);
            MemorySegment bytes = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
            check("nvrtcGet" + what, program, bytes);
            return bytes.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private void check(String function, Object... arguments) {
        int status = library.call(function, arguments);
        if (status != 0) {
            throw new IllegalStateException(
                    "cuda: %s of %s gives %d".formatted(function, library.name(), status));
        }
    }
}
