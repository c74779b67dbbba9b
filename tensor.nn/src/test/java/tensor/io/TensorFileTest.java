package tensor.io;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

class TensorFileTest {
    @TempDir Path folder;

    private Path file(String header, int dataBytes) throws IOException {
        return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    private Path file(byte[] header, int dataBytes) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        return Files.write(folder.resolve("x"), bytes.array());
    }

    @Test
    void aMappedFileHoldsTheSameAsOneThatIsRead() throws IOException {
        Path file = folder.resolve("mapped");
        TensorFile.of(
                        Map.of(
                                "a", HostTensor.of(new float[] {1, 2}, Shape.of(2)),
                                "b", HostTensor.of(new boolean[] {true}, Shape.of(1))))
                .write(file);

        try (Arena arena = Arena.ofConfined()) {
            TensorFile mapped = TensorFile.map(file, arena);

            assertEquals(TensorFile.read(file), mapped);
            assertArrayEquals(
                    new float[] {1, 2},
                    Objects.requireNonNull(mapped.entries().get("a")).tensor().toFloats());
            assertTrue(Objects.requireNonNull(mapped.entries().get("a")).bytes().isMapped());
        }
        assertEquals(2, TensorFile.read(file).entries().size());
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = folder.resolve("small");

        TensorFile.of(
                        Map.of(
                                "b", HostTensor.of(new float[] {1, 2}, Shape.of(2)),
                                "flag", HostTensor.of(new boolean[] {true}, Shape.scalar()),
                                "a", HostTensor.of(new long[] {-1}, Shape.of(1, 1))))
                .withMetadata(Map.of("made", "today"))
                .write(file);

        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
        assertEquals(
                """
                {"__metadata__":{"made":"today"},\
                "a":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},\
                "b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},\
                "flag":{"dtype":"BOOL","shape":[],"data_offsets":[16,17]}}\
                """,
                header.stripTrailing());
        assertEquals(0, length % 8);
        assertArrayEquals(
                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, -128, 63, 0, 0, 0, 64, 1},
                Arrays.copyOfRange(bytes, 8 + length, bytes.length));
    }

    @Test
    void everyTypeHasItsNameAndComesBack() throws IOException {
        Path file = folder.resolve("typed");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            tensors.put(dtype.toString(), Tensor.of(0.0, 1.0, 200.0).cast(dtype));
        }
        TensorFile typed = TensorFile.ofTensors(tensors);

        typed.write(file);

        assertEquals(typed, TensorFile.read(file));
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(typed, TensorFile.map(file, arena));
        }
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertEquals(
                """
                {"float64":{"dtype":"F64","shape":[3],"data_offsets":[0,24]},\
                "int64":{"dtype":"I64","shape":[3],"data_offsets":[24,48]},\
                "float32":{"dtype":"F32","shape":[3],"data_offsets":[48,60]},\
                "int32":{"dtype":"I32","shape":[3],"data_offsets":[60,72]},\
                "bfloat16":{"dtype":"BF16","shape":[3],"data_offsets":[72,78]},\
                "float16":{"dtype":"F16","shape":[3],"data_offsets":[78,84]},\
                "bool":{"dtype":"BOOL","shape":[3],"data_offsets":[84,87]},\
                "uint8":{"dtype":"U8","shape":[3],"data_offsets":[87,90]}}\
                """,
                new String(bytes, 8, length, StandardCharsets.UTF_8).stripTrailing());
        assertArrayEquals(
                new byte[] {0, 0, -128, 63, 72, 67},
                Arrays.copyOfRange(bytes, 8 + length + 72, 8 + length + 78));
    }

    @Test
    void aFileOfAnotherWriterIsRead() throws IOException {
        Path file =
                file(
                        """
                        { "w" : {"shape":[1,2], "data_offsets":[4,12], "dtype":"F32"},
                          "é\\n" : {"dtype":"F32","shape":[],"data_offsets":[0,4]},
                          "none" : {"dtype":"F64","shape":[0,3],"data_offsets":[12,12]} }\
                        """
                                .strip(),
                        12);

        TensorFile read = TensorFile.read(file);

        assertEquals(Set.of("w", "é\n", "none"), read.entries().keySet());
        assertArrayEquals(new float[2], requireNonNull(read.tensors().get("w")).toFloats());
        assertEquals(Shape.of(0, 3), requireNonNull(read.tensors().get("none")).shape());
        assertEquals(Map.of(), read.metadata());
    }

    @Test
    void tensorsComeBack() throws IOException {
        Path file = folder.resolve("t");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("net.weight", Tensor.of(new double[] {1, 2, 3, 4}, Shape.of(2, 2)).t());
        tensors.put("steps", Tensor.scalar(7L));

        TensorFile.ofTensors(tensors).write(file);

        var back = TensorFile.read(file).tensors();
        assertArrayEquals(
                new double[] {1, 3, 2, 4}, requireNonNull(back.get("net.weight")).toDoubles());
        assertEquals(7, requireNonNull(back.get("steps")).itemLong());
    }

    @Test
    void aLongTensorIsWrittenAndReadInPieces() throws IOException {
        Path file = folder.resolve("long");
        double[] values = new double[300_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(i);
        }

        TensorFile.of(Map.of("x", HostTensor.of(values, Shape.of(values.length)))).write(file);

        HostTensor read = requireNonNull(TensorFile.read(file).entries().get("x"));
        assertArrayEquals(values, read.toDoubles());
    }

    @Test
    void anOldLongerFileIsReplaced() throws IOException {
        Path file = folder.resolve("again");
        Files.write(file, new byte[10_000]);
        TensorFile empty = TensorFile.of(Map.of());

        empty.write(file);

        assertEquals(empty, TensorFile.read(file));
        assertEquals("TensorFile []", empty.toString());
    }

    @Test
    void contentThatTheFormatCannotHoldIsAnError() {
        HostTensor one = HostTensor.of(new long[] {1}, Shape.of(1));

        assertEquals(
                "TensorFile: a tensor is named '__metadata__'; the format keeps this name for texts",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TensorFile.of(Map.of("__metadata__", one)))
                        .getMessage());
        assertEquals(
                "TensorFile: the name 'half \ud800' is not Unicode: half of a surrogate pair is missing",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TensorFile.of(Map.of("half \ud800", one)))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> TensorFile.of(Map.of()).withMetadata(Map.of("a", "\udc00")));
    }

    @Test
    void aMissingFileIsNamed() {
        assertThrows(NoSuchFileException.class, () -> TensorFile.read(folder.resolve("missing")));
    }

    @Test
    void damagedLengthsAreFaultsWithTheirPlace() throws IOException {
        assertFault(
                0,
                "the file has 3 bytes; a tensor file starts with the 8 bytes of its header's length",
                Files.write(folder.resolve("x"), new byte[3]));
        assertFault(
                0,
                "the header's length is given as 18446744073709551615, but only 0 bytes follow; is the"
                        + " file complete?",
                Files.write(folder.resolve("x"), new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}));
        assertFault(
                0,
                "the header's length is given as 9, but only 2 bytes follow; is the file complete?",
                Files.write(folder.resolve("x"), new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'}));
    }

    @Test
    void damagedHeadersAreFaultsWithTheirPlace() throws IOException {
        String start = "the header does not start with '{' of a JSON object";
        assertFault(8, start, file("", 0));
        assertFault(8, start, file("[]", 0));
        assertFault(8, start, file("{}".getBytes(StandardCharsets.UTF_16LE), 0));
        assertFault(13, "'a' is not an object", file("{\"a\":1}", 0));
        assertFault(11, "'a' needs dtype, shape and data_offsets", file("{\"a\":{}}", 0), 14);
        assertFault(10, "text follows the end of the JSON object", file("{}7", 0));
        assertFault(-1, "'a' has the unknown property 'color'", file("{\"a\":{\"color\":1}}", 0));
        assertFault(
                -1,
                "'a' has 'dtype' twice",
                file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 0));
        assertFault(
                -1,
                "'a' has dtype 'I16'; F64, F32, F16, BF16, I64, I32, U8 and BOOL can be read",
                file(entry("I16", "[1]", "[0,2]"), 2));
        assertFault(-1, "'dtype' is not a text", file("{\"a\":{\"dtype\":1}}", 0));
        assertFault(-1, "'shape' is not an array", file("{\"a\":{\"shape\":1}}", 0));
        assertFault(
                -1,
                "'a' has in 'shape' something else than whole numbers from 0",
                file(entry("F32", "[-1]", "[0,4]"), 4));
        assertFault(
                -1,
                "'a' has in 'data_offsets' something else than whole numbers from 0",
                file(entry("F32", "[1]", "[0,4.5]"), 4));
        assertFault(
                -1,
                "'a' has shape [2147483648], more than can be addressed",
                file(entry("F32", "[2147483648]", "[0,4]"), 4));
        assertFault(
                -1,
                "'a' has shape [2147483647, 2147483647, 2147483647], more than can be addressed",
                file(entry("F32", "[2147483647,2147483647,2147483647]", "[0,4]"), 4));
        assertFault(
                -1,
                "'a' has data_offsets [4, 0]; they are [begin, end]",
                file(entry("F32", "[1]", "[4,0]"), 4));
        assertFault(
                -1,
                "'a' is F32 [2], but its data_offsets give 4 bytes",
                file(entry("F32", "[2]", "[0,4]"), 4));
        assertFault(
                -1,
                "'a' is F32 [1], but its data_offsets give 5 bytes",
                file(entry("F32", "[1]", "[0,5]"), 5));
        assertFault(-1, "'__metadata__' is not an object", file("{\"__metadata__\":[]}", 0));
        assertFault(-1, "'x' is not a text", file("{\"__metadata__\":{\"x\":1}}", 0));
        assertFault(
                -1,
                "'__metadata__' stands twice",
                file("{\"__metadata__\":{},\"__metadata__\":{}}", 0));
        assertFault(
                -1,
                "'x' stands twice in '__metadata__'",
                file("{\"__metadata__\":{\"x\":\"\",\"x\":\"\"}}", 0));
        assertFault(
                -1,
                "a name or text is not Unicode: half of a surrogate pair is missing",
                file("{\"__metadata__\":{\"x\":\"\\ud800\"}}", 0));
        String one = "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
        assertFault(-1, "'a' stands twice", file("{" + one + "," + one + "}", 0));
    }

    @Test
    void aMappedFileMayBeWrittenToItsOwnPlace() throws IOException {
        Path file = folder.resolve("weights");
        Map<String, HostTensor> values =
                Map.of("a", HostTensor.of(new float[] {1, 2}, Shape.of(2)));
        TensorFile.of(values).write(file);

        try (Arena arena = Arena.ofConfined()) {
            TensorFile.map(file, arena).withMetadata(Map.of("made", "again")).write(file);
        }

        assertEquals(
                TensorFile.of(values).withMetadata(Map.of("made", "again")), TensorFile.read(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void whatStandsThereStaysIfTheWritingFails() throws IOException {
        Path file = folder.resolve("weights");
        TensorFile content =
                TensorFile.of(Map.of("a", HostTensor.of(new float[] {1}, Shape.of(1))));
        content.write(file);
        Arena arena = Arena.ofConfined();
        TensorFile closed = TensorFile.map(file, arena);
        arena.close();

        assertThrows(IllegalStateException.class, () -> closed.write(file));

        assertEquals(content, TensorFile.read(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void aLinkStaysOne() throws IOException {
        Path file = folder.resolve("weights");
        TensorFile.of(Map.of()).write(file);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        TensorFile content =
                TensorFile.of(Map.of("a", HostTensor.of(new float[] {1}, Shape.of(1))));

        content.write(link);

        assertTrue(Files.isSymbolicLink(link));
        assertEquals(content, TensorFile.read(file));
    }

    private List<Path> files() throws IOException {
        try (var all = Files.list(folder)) {
            return all.toList();
        }
    }

    @Test
    void aNameThatCouldNotBeReadBackIsNotWritten() throws IOException {
        HostTensor one = HostTensor.of(new float[] {1}, Shape.of(1));
        Path file = folder.resolve("names");
        TensorFile longest =
                TensorFile.of(
                        Map.of(
                                "a".repeat(50_000),
                                one,
                                "ä".repeat(25_000),
                                one,
                                "\u0001".repeat(50_000),
                                one));

        longest.write(file);

        assertEquals(longest, TensorFile.read(file));
        assertEquals(
                "TensorFile: the name '%s…' has 50001 bytes in UTF-8; at most 50000 can be read back"
                        .formatted("a".repeat(200)),
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TensorFile.of(Map.of("a".repeat(50_001), one)))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> TensorFile.of(Map.of()).withMetadata(Map.of("a".repeat(50_001), "")));
    }

    @Test
    void aHostileShapeMakesNoLongMessage() throws IOException {
        String ones = "1,".repeat(100_000) + "2";

        assertFault(
                -1,
                "'a' is F32 [1%s…, but its data_offsets give 4 bytes".formatted(", 1".repeat(66)),
                file(entry("F32", "[" + ones + "]", "[0,4]"), 4));
        assertFault(
                -1,
                "'a' has data_offsets [1%s…; they are [begin, end]".formatted(", 1".repeat(66)),
                file(entry("F32", "[1]", "[" + ones + "]"), 4));
    }

    @Test
    void jsonFaultsHaveTheirPlace() throws IOException {
        var fault =
                assertThrows(
                        TensorFileException.class, () -> TensorFile.read(file("{\"a\": ?}", 0)));

        assertEquals(folder.resolve("x"), fault.file());
        assertEquals(8 + 6, fault.offset());
        assertEquals(
                folder.resolve("x") + ", byte 14: the header is not JSON: ",
                requireNonNull(fault.getMessage()).replaceAll("Unexpected.*", ""));
    }

    @Test
    void dataThatTheHeaderDoesNotDescribeIsAFault() throws IOException {
        String header = entry("F32", "[1]", "[0,4]");
        int dataStart = 8 + header.length();
        assertFault(
                dataStart + 3,
                "'a' ends at offset 4, but there are 3 bytes of data; is the file complete?",
                file(header, 3));
        assertFault(dataStart + 4, "2 bytes follow that belong to no tensor", file(header, 6));
        String hole = entry("F32", "[1]", "[4,8]");
        assertFault(
                8 + hole.length(),
                "'a' begins at offset 4, but the tensors before it end at 0",
                file(hole, 8));
        String overlap =
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
        assertFault(
                8 + overlap.length() + 8,
                "'b' begins at offset 4, but the tensors before it end at 8",
                file(overlap, 8));
        String flag = entry("BOOL", "[2]", "[0,2]");
        Path file = file(flag, 2);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] = 7;
        assertFault(bytes.length - 1, "a BOOL is 7; it is 0 or 1", Files.write(file, bytes));
    }

    private static String entry(String dtype, String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
                .formatted(dtype, shape, offsets);
    }

    private static void assertFault(long offset, String expected, Path file) {
        assertFault(offset, expected, file, offset);
    }

    /// Checks the message, and the place unless it is given as −1.
    private static void assertFault(long offset, String expected, Path file, long orElse) {
        var fault = assertThrows(TensorFileException.class, () -> TensorFile.read(file));
        long at = fault.offset();
        assertEquals(file + ", byte " + at + ": " + expected, fault.getMessage());
        if (offset >= 0) {
            assertEquals(true, List.of(offset, orElse).contains(at), () -> "place is " + at);
        }
    }
}
