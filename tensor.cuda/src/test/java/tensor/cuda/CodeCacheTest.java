package tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeCacheTest {
    /// Compiles by writing down what it was given.
    private static final class Scribe implements KernelCompiler {
        private int count;

        @Override
        public boolean takesAnyText() {
            return true;
        }

        @Override
        public String version() {
            return "Scribe 1.0";
        }

        @Override
        public Optional<String> target(int capability) {
            return Optional.of("sm_" + capability);
        }

        @Override
        public byte[] compile(String text, String target) {
            count++;
            return (text + " for " + target).getBytes(StandardCharsets.UTF_8);
        }
    }

    @TempDir private Path folder;

    private final Scribe compiler = new Scribe();

    @Test
    void whatWasCompiledIsNotCompiledAgain() {
        byte[] first = new CodeCache(compiler, folder).compile("a", "sm_80");
        byte[] second = new CodeCache(compiler, folder).compile("a", "sm_80");

        assertArrayEquals(first, second);
        assertEquals(1, compiler.count);
    }

    @Test
    void anotherTextOrTargetIsCompiled() {
        var cache = new CodeCache(compiler, folder);

        cache.compile("a", "sm_80");
        cache.compile("b", "sm_80");
        cache.compile("a", "sm_90");

        assertEquals(3, compiler.count);
    }

    @Test
    void aDamagedFileIsCompiledAnew() throws IOException {
        var cache = new CodeCache(compiler, folder);
        byte[] code = cache.compile("a", "sm_80");
        for (byte[] damaged : List.of(new byte[0], new byte[50])) {
            Files.write(files().getFirst(), damaged);

            assertArrayEquals(code, cache.compile("a", "sm_80"));
        }
        assertEquals(3, compiler.count);
        assertEquals(1, files().size());
    }

    @Test
    void aFolderThatCannotBeWrittenCostsTimeAlone() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        var cache = new CodeCache(compiler, file.resolve("folder"));

        cache.compile("a", "sm_80");
        cache.compile("a", "sm_80");

        assertEquals(2, compiler.count);
    }

    @Test
    void theUserSaysWhere() throws IOException {
        CodeCache.of(compiler, "off", Map.of()).compile("a", "sm_80");
        assertEquals(List.of(), files());

        CodeCache.of(compiler, folder.resolve("here").toString(), Map.of()).compile("a", "sm_80");
        CodeCache.of(compiler, "", Map.of("XDG_CACHE_HOME", folder.toString()))
                .compile("a", "sm_80");

        assertEquals(2, files().size());
        assertEquals(3, compiler.count);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
