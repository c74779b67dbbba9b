package tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.layout.Shape;

/// Damaged files: each gives a result or the exception that says where it is damaged, and takes no more memory than the file
/// has, some times over, and a fixed amount.
class HostileFilesTest {
    private static final int FILES_OF_EACH = 3_500;

    /// What reading may take besides the content: buffers, and what JSON and zip readers take for themselves.
    private static final long BOUND_BYTES = 1 << 20;

    /// How many bytes a byte of a file may become: text, and numbers that are widened; more where a file is packed.
    private static final long TIMES = 64;

    @TempDir private Path folder;

    @FunctionalInterface
    private interface Reader {
        void read(Path file) throws IOException;
    }

    @Test
    void tensorFilesAreReadOrRefused() throws IOException {
        Map<String, HostTensor> some = new LinkedHashMap<>();
        some.put("a.weight", HostTensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3)));
        some.put("b", HostTensor.of(new boolean[] {true, false}, Shape.of(2)));
        some.put("c", HostTensor.of(new long[0], Shape.of(0, 7)));
        some.put("d", HostTensor.of(new int[] {1, -1}, Shape.of(2)));
        some.put("e", HostTensor.of(new byte[] {1, -1, 0}, Shape.of(3)));
        Path file = folder.resolve("good");
        TensorFile.of(some).withMetadata(Map.of("by", "a test")).write(file);
        byte[] good = Files.readAllBytes(file);

        attack(good, TIMES, TensorFile::read);
        attack(
                good,
                TIMES,
                hostile -> {
                    try (Arena arena = Arena.ofConfined()) {
                        TensorFile.map(hostile, arena);
                    }
                });
    }

    @Test
    void numPyFilesAreReadOrRefused() throws IOException {
        attack(resource("float16.npy"), TIMES, NpyFile::read);
        attack(resource("columns.npy"), TIMES, NpyFile::read);
        attack(resource("plain.npz"), TIMES, NpzFile::read);
        attack(resource("packed.npz"), 2 * 1032, NpzFile::read);
    }

    @Test
    void idxFilesAreReadOrRefused() throws IOException {
        byte[] plain = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 5, 6, 7, 8};
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }

        attack(plain, TIMES, IdxFile::read);
        // unpacked in pieces, put together, and signed bytes widened to four
        attack(packed.toByteArray(), (1 + 1 + 4) * 1032, IdxFile::read);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        HostileFilesTest.class.getResourceAsStream("/numpy/" + name))) {
            return in.readAllBytes();
        }
    }

    private void attack(byte[] good, long times, Reader reader) throws IOException {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path file = folder.resolve("hostile");
        reader.read(Files.write(file, good));
        int refused = 0;
        for (int seed = 0; seed < FILES_OF_EACH; seed++) {
            byte[] bytes = damaged(good, new SplittableRandom(seed));
            Files.write(file, bytes);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                reader.read(file);
            } catch (TensorFileException e) {
                refused++;
                assertEquals(file, e.file());
            }
            long taken = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(
                    taken <= BOUND_BYTES + times * bytes.length,
                    "file %d of %d bytes took %d".formatted(seed, bytes.length, taken));
        }
        assertTrue(refused > FILES_OF_EACH / 10, refused + " were refused");
    }

    /// One to four changes: a byte, a bit, a run of bytes removed or repeated, a number made great, the end cut off.
    private static byte[] damaged(byte[] good, SplittableRandom random) {
        byte[] bytes = good;
        for (int change = random.nextInt(1, 5); change > 0; change--) {
            int at = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, at + random.nextInt(1, 9));
            byte[] next = bytes.clone();
            switch (random.nextInt(6)) {
                case 0 -> next[at] = (byte) random.nextInt(256);
                case 1 -> next[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> next = joined(bytes, at, end, new byte[0]);
                case 3 -> next = joined(bytes, end, end, Arrays.copyOfRange(bytes, at, end));
                case 4 -> Arrays.fill(next, at, end, (byte) (random.nextBoolean() ? -1 : '9'));
                default -> next = Arrays.copyOf(bytes, Math.max(1, at));
            }
            bytes = next.length == 0 ? good : next;
        }
        return bytes;
    }

    /// A part replaced.
    private static byte[] joined(byte[] bytes, int from, int to, byte[] between) {
        byte[] joined = Arrays.copyOf(bytes, from + between.length + bytes.length - to);
        System.arraycopy(between, 0, joined, from, between.length);
        System.arraycopy(bytes, to, joined, from + between.length, bytes.length - to);
        return joined;
    }
}
