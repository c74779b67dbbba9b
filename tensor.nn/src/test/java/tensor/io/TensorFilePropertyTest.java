package tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import tensor.layout.DType;
import tensor.layout.Shape;

class TensorFilePropertyTest {
    private static Path folder = Path.of("");

    /// One change of a file: at a place, a byte replaced, removed or put in.
    record Mutation(double place, byte value, int kind) {}

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("tensor-file");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        for (String name : List.of("a", "b")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
    }

    @Property(tries = 100)
    void whatIsWrittenIsReadAndEqualContentGivesEqualBytes(@ForAll("files") TensorFile content)
            throws IOException {
        Path a = folder.resolve("a");
        Path b = folder.resolve("b");
        content.write(a);

        TensorFile read = TensorFile.read(a);

        assertEquals(content, read);
        assertEquals(List.copyOf(content.entries().keySet()), List.copyOf(read.entries().keySet()));
        SequencedMap<String, HostTensor> otherOrder =
                new TreeMap<String, HostTensor>(Collections.reverseOrder());
        otherOrder.putAll(content.entries());
        TensorFile.of(otherOrder).withMetadata(content.metadata()).write(b);
        assertArrayEquals(Files.readAllBytes(a), Files.readAllBytes(b));
    }

    @Property(tries = 150)
    void aDamagedFileGivesAResultOrATensorFileException(
            @ForAll("files") TensorFile content,
            @ForAll("mutations") @Size(max = 8) List<Mutation> mutations,
            @ForAll @IntRange(max = 20) int cut)
            throws IOException {
        Path file = folder.resolve("a");
        content.write(file);
        byte[] bytes = Files.readAllBytes(file);

        for (Mutation mutation : mutations) {
            bytes = mutated(bytes, mutation);
            assertReadOrRefused(file, bytes);
        }
        assertReadOrRefused(file, Arrays.copyOf(bytes, Math.max(0, bytes.length - cut)));
    }

    private static void assertReadOrRefused(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try {
            TensorFile.read(file);
        } catch (TensorFileException e) {
            assertEquals(file, e.file());
        }
    }

    @Provide
    Arbitrary<TensorFile> files() {
        Arbitrary<String> names =
                Arbitraries.oneOf(
                        Arbitraries.strings().withCharRange('a', 'e').withChars('.').ofMaxLength(5),
                        Arbitraries.strings().withChars('é', '"', '\\', '\n', '€').ofMaxLength(3));
        Arbitrary<Map<String, HostTensor>> entries =
                Arbitraries.maps(names, tensors()).ofMaxSize(5);
        Arbitrary<Map<String, String>> texts = Arbitraries.maps(names, names).ofMaxSize(2);
        return Combinators.combine(entries, texts)
                .as((some, beside) -> TensorFile.of(some).withMetadata(beside));
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        return Combinators.combine(
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.oneOf(
                                Arbitraries.bytes(),
                                Arbitraries.of(
                                        "{}[]\":,0123456789-eBFIU64OL "
                                                .chars()
                                                .mapToObj(it -> (byte) it)
                                                .toList())),
                        Arbitraries.integers().between(0, 5))
                .as(Mutation::new)
                .list();
    }

    private static Arbitrary<HostTensor> tensors() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3).list().ofMaxSize(3),
                        Arbitraries.of(DType.values()),
                        Arbitraries.longs())
                .as(TensorFilePropertyTest::tensor);
    }

    private static HostTensor tensor(List<Integer> sizes, DType dtype, long seed) {
        Shape shape = Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
        byte[] bytes = new byte[(int) shape.elementCount() * dtype.byteSize()];
        new SplittableRandom(seed).nextBytes(bytes);
        for (int i = 0; dtype == DType.BOOL && i < bytes.length; i++) {
            bytes[i] &= 1;
        }
        return new HostTensor(dtype, shape, MemorySegment.ofArray(bytes));
    }

    private static byte[] mutated(byte[] bytes, Mutation mutation) {
        // Half of the changes hit the length and the first part of the header, where most is
        // decided.
        int range = mutation.kind() % 2 == 0 ? Math.min(bytes.length, 60) : bytes.length;
        int at = (int) Math.min(range - 1, mutation.place() * range);
        if (at < 0) {
            return bytes;
        }
        int removed = mutation.kind() < 4 ? 1 : mutation.kind() == 4 ? 0 : 1;
        int added = mutation.kind() < 5 ? 1 : 0;
        byte[] changed = new byte[bytes.length - removed + added];
        System.arraycopy(bytes, 0, changed, 0, at);
        if (added == 1) {
            changed[at] = mutation.value();
        }
        System.arraycopy(bytes, at + removed, changed, at + added, bytes.length - at - removed);
        return changed;
    }
}
