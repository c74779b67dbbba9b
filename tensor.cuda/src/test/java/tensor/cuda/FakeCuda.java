package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/// Libraries with the names of CUDA's that compute on this processor: so all of the host's side runs, down to the last
/// argument of a kernel, where there is no GPU. They are compiled from the sources beside this test.
@SuppressWarnings("restricted") // setenv
final class FakeCuda {
    private static final Path FOLDER = Path.of("target", "fake-cuda").toAbsolutePath();
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "cuda.cpp", "libcuda.so.1",
                    "nvrtc.cpp", "libnvrtc.so.13",
                    "cublas.cpp", "libcublas.so.13");

    private FakeCuda() {}

    /// {@return the folders with the libraries} Skips the test where there is no compiler of C++, but not with
    /// `-Drequire.g++=true`.
    static LibraryFolders folders() {
        assumeTrue(isOnPath("g++") || Boolean.getBoolean("require.g++"), "g++ is not on the PATH");
        LIBRARIES.forEach(FakeCuda::compile);
        return new LibraryFolders(List.of(FOLDER), List.of());
    }

    /// {@return the machine that the libraries make}
    static CudaMachine.Ready machine() {
        return found(CudaMachine.search(folders()));
    }

    /// {@return the machine without a compiler, whose driver takes what is bundled}
    ///
    /// @param compiler of what it has in place of each PTX
    static CudaMachine.Ready withoutCompiler(KernelCompiler compiler) {
        LibraryFolders folders = folders();
        try {
            for (String text : PtxBundle.texts()) {
                Path code = FOLDER.resolve(BundledPtx.resource(text));
                Files.createDirectories(code.getParent());
                Files.write(code, compiler.compile(text, "sm_80"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found(CudaMachine.search(folders, CudaMachine.OFF));
    }

    private static CudaMachine.Ready found(CudaMachine machine) {
        return switch (machine) {
            case CudaMachine.Ready ready -> ready;
            case CudaMachine.Missing(String reason) -> throw new AssertionError(reason);
        };
    }

    /// {@return the driver of its first device}
    static CudaDriver driver(KernelCompiler compiler, MatrixArithmetic arithmetic) {
        return driver(machine(), compiler, arithmetic);
    }

    /// {@return the driver of the first device of a machine}
    static CudaDriver driver(
            CudaMachine.Ready machine, KernelCompiler compiler, MatrixArithmetic arithmetic) {
        return new CudaDriver(machine, machine.devices().getFirst(), compiler, arithmetic);
    }

    /// {@return whether a program is on the PATH}
    static boolean isOnPath(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static synchronized void compile(String source, String library) {
        Path file = FOLDER.resolve(source);
        Path made = FOLDER.resolve(library);
        try (InputStream in = FakeCuda.class.getResourceAsStream("fake/" + source)) {
            Files.createDirectories(FOLDER);
            byte[] text = in == null ? new byte[0] : in.readAllBytes();
            if (Files.exists(made)
                    && Files.exists(file)
                    && new String(text, StandardCharsets.UTF_8).equals(Files.readString(file))) {
                return;
            }
            Path part = FOLDER.resolve(library + ".part");
            Files.write(file, text);
            var compiler =
                    new ProcessBuilder(
                            "g++",
                            "-O1",
                            "-shared",
                            "-fPIC",
                            "-std=c++17",
                            file.toString(),
                            "-o",
                            part.toString(),
                            "-Wl,-soname," + loaderName(library),
                            "-ldl");
            assertEquals(0, compiler.inheritIO().start().waitFor());
            Files.move(part, made, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// JCuda needs the driver by the loader's name; who asks the loader for another library means NVIDIA's.
    private static String loaderName(String library) {
        return library.equals(CudaMachine.DRIVER) ? library : "fake-" + library;
    }

    /// Runs `body` while an environment variable of this process has another value, which Java's copy of them does not show.
    static void with(String variable, String value, Runnable body) {
        var linker = Linker.nativeLinker();
        var set =
                linker.downcallHandle(
                        linker.defaultLookup().find("setenv").orElseThrow(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        var unset =
                linker.downcallHandle(
                        linker.defaultLookup().find("unsetenv").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            var name = arena.allocateFrom(variable);
            assertEquals(0, (int) set.invokeExact(name, arena.allocateFrom(value), 1));
            try {
                body.run();
            } finally {
                assertEquals(0, (int) unset.invokeExact(name));
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
