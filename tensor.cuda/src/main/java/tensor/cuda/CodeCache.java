package tensor.cuda;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// A compiler that looks into a folder first, for what was compiled there before.
///
/// A file has the name of what it was compiled from, and begins with the digest of what it holds: a damaged one is compiled
/// anew. A folder that cannot be written costs time and nothing else.
final class CodeCache implements KernelCompiler {
    /// The property that names the folder, or says `off`.
    static final String PROPERTY = "tensor.cuda.cache";

    private static final String OFF = "off";
    private static final System.Logger LOG = System.getLogger(CodeCache.class.getName());

    private final KernelCompiler compiler;
    private final Path folder;

    CodeCache(KernelCompiler compiler, Path folder) {
        this.compiler = compiler;
        this.folder = folder;
    }

    /// {@return a compiler, with a cache unless the user wants none, or it only looks up what is there}
    ///
    /// @param compiler the one that compiles
    /// @param property what the user says
    /// @param environment variables
    static KernelCompiler of(
            KernelCompiler compiler, String property, Map<String, String> environment) {
        if (property.equals(OFF) || !compiler.takesAnyText()) {
            return compiler;
        }
        if (!property.isEmpty()) {
            return new CodeCache(compiler, Path.of(property));
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path of = caches.isEmpty() ? Path.of(home, ".cache") : Path.of(caches);
        return new CodeCache(compiler, of.resolve("loops-jvm").resolve("cuda"));
    }

    @Override
    public boolean takesAnyText() {
        return compiler.takesAnyText();
    }

    @Override
    public String version() {
        return compiler.version();
    }

    @Override
    public Optional<String> target(int capability) {
        return compiler.target(capability);
    }

    @Override
    public byte[] compile(String text, String target) {
        String from = "%s\n%s\n%s".formatted(version(), target, text);
        Path file = folder.resolve(Digest.hex(from) + ".bin");
        byte[] code = read(file);
        if (code.length == 0) {
            code = compiler.compile(text, target);
            write(file, code);
        }
        return code;
    }

    /// {@return what a file holds, or nothing}
    private static byte[] read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int digestLength = Digest.of(bytes).length;
            if (bytes.length > digestLength) {
                byte[] code = Arrays.copyOfRange(bytes, digestLength, bytes.length);
                if (Arrays.equals(Digest.of(code), Arrays.copyOf(bytes, digestLength))) {
                    return code;
                }
            }
            LOG.log(System.Logger.Level.INFO, () -> file + ": is damaged; compiling it anew");
        } catch (NoSuchFileException _) {
            return new byte[0];
        } catch (IOException e) {
            LOG.log(System.Logger.Level.INFO, () -> file + ": cannot be read: " + e);
        }
        return new byte[0];
    }

    /// Whoever reads the file finds all of it, or none.
    private void write(Path file, byte[] code) {
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, "part", ".tmp");
            try {
                var bytes = new ByteArrayOutputStream();
                bytes.writeBytes(Digest.of(code));
                bytes.writeBytes(code);
                Files.write(part, bytes.toByteArray());
                move(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    () -> "kernels are not kept: %s; name a folder by -D%s".formatted(e, PROPERTY));
        }
    }

    private static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING); // the digest tells
        }
    }
}
