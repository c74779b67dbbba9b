package tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tensor.api.Tensor;
import tensor.layout.DType;
import tensor.layout.Shape;

/// Files that NumPy 2.4 has written, and ours.
class NpyFileTest {
    @TempDir private Path folder;

    private Path numpy(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in =
                Objects.requireNonNull(NpyFileTest.class.getResourceAsStream("/numpy/" + name))) {
            Files.copy(in, file);
        }
        return file;
    }

    @Test
    void floatingPointNumbersAreRead() throws IOException {
        HostTensor floats = NpyFile.read(numpy("float32.npy"));
        assertEquals(Shape.of(2, 3), floats.shape());
        assertArrayEquals(new float[] {-1, -0.5f, 0, 0.5f, 1, 1.5f}, floats.toFloats());
        assertArrayEquals(
                new double[] {0, 0.1, 0.2, 0.1 * 3, 0.4, 0.5},
                NpyFile.read(numpy("float64-big-endian.npy")).toDoubles());
        HostTensor halves = NpyFile.read(numpy("float16.npy"));
        assertEquals(DType.FLOAT16, halves.dtype());
        assertArrayEquals(
                new float[] {0.5f, -2, 65504, Float.NaN, 0x1p-24f},
                halves.tensor().cast(DType.FLOAT32).toFloats());
        HostTensor scalar = NpyFile.read(numpy("scalar.npy"));
        assertEquals(Shape.scalar(), scalar.shape());
        assertArrayEquals(new double[] {2.5}, scalar.toDoubles());
    }

    @Test
    void wholeNumbersAndTruthValuesAreRead() throws IOException {
        assertArrayEquals(new int[] {-128, 127}, ints("int8.npy"));
        assertArrayEquals(new int[] {-32768, 32767}, ints("int16-big-endian.npy"));
        assertArrayEquals(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, ints("int32.npy"));
        assertArrayEquals(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, longs("int64.npy"));
        assertArrayEquals(new byte[] {0, -1}, NpyFile.read(numpy("uint8.npy")).toBytes());
        assertArrayEquals(new int[] {0, 65535}, ints("uint16.npy"));
        assertArrayEquals(new long[] {0, 4294967295L}, longs("uint32.npy"));
        assertArrayEquals(new long[] {7}, longs("version2.npy"));
        assertArrayEquals(
                new boolean[] {true, false}, NpyFile.read(numpy("bool.npy")).toBooleans());
        assertEquals(Shape.of(0, 3), NpyFile.read(numpy("empty.npy")).shape());
    }

    private int[] ints(String name) throws IOException {
        return NpyFile.read(numpy(name)).toInts();
    }

    private long[] longs(String name) throws IOException {
        return NpyFile.read(numpy(name)).toLongs();
    }

    @Test
    void columnsFirstBecomesRowsFirst() throws IOException {
        long[] counted = new long[24];
        Arrays.setAll(counted, i -> i);

        HostTensor read = NpyFile.read(numpy("columns.npy"));

        assertEquals(Shape.of(2, 3, 4), read.shape());
        assertArrayEquals(counted, read.toLongs());
    }

    @Test
    void whatIsWrittenHasNumPysBytes() throws IOException {
        for (String name :
                List.of(
                        "float32.npy",
                        "float16.npy",
                        "int64.npy",
                        "int32.npy",
                        "uint8.npy",
                        "bool.npy",
                        "scalar.npy")) {
            Path file = numpy(name);
            Path ours = folder.resolve("ours.npy");

            NpyFile.write(ours, NpyFile.read(file));

            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(ours), name);
        }
    }

    @Test
    void everyTypeComesBackButBfloat16WhichNumPyLacks() throws IOException {
        Path file = folder.resolve("typed.npy");
        Path archive = folder.resolve("typed.npz");
        for (DType dtype : DType.values()) {
            HostTensor values =
                    HostTensor.of(Tensor.of(new double[] {0, 1, 200}, Shape.of(3)).cast(dtype));
            if (dtype == DType.BFLOAT16) {
                byte[] before = Files.readAllBytes(file);
                for (Executable write :
                        List.<Executable>of(
                                () -> NpyFile.write(file, values),
                                () -> NpzFile.write(archive, Map.of("a", values)))) {
                    var refused = assertThrows(IllegalArgumentException.class, write);
                    assertEquals(
                            "NpyFile: NumPy has no bfloat16; cast to float32, or write a TensorFile",
                            refused.getMessage());
                }
                assertArrayEquals(before, Files.readAllBytes(file));
            } else {
                NpyFile.write(file, values);
                NpzFile.write(archive, Map.of("a", values));
                assertEquals(values, NpyFile.read(file));
                assertEquals(Map.of("a", values), NpzFile.read(archive));
            }
        }
    }

    @Test
    void archivesHoldNamedArrays() throws IOException {
        var plain = NpzFile.read(numpy("plain.npz"));
        assertEquals(List.of("a", "b"), List.copyOf(plain.keySet()));
        assertArrayEquals(new long[] {0, 1, 2, 3, 4, 5}, plain.firstEntry().getValue().toLongs());
        var packed = NpzFile.read(numpy("packed.npz"));
        assertEquals(Shape.of(100, 100), packed.firstEntry().getValue().shape());
        assertArrayEquals(new float[] {1.5f}, packed.lastEntry().getValue().toFloats());

        Path ours = folder.resolve("ours.npz");
        NpzFile.write(ours, packed);
        assertEquals(packed, NpzFile.read(ours));
    }

    @Test
    void idxFilesAreReadPackedOrNot() throws IOException {
        byte[] bytes = {0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 5, (byte) 200};
        Path plain = folder.resolve("plain");
        Files.write(plain, bytes);
        Path packed = folder.resolve("packed.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(bytes);
        }

        HostTensor read = IdxFile.read(plain);

        assertEquals(Shape.of(1, 2), read.shape());
        assertArrayEquals(new byte[] {5, (byte) 200}, read.toBytes());
        assertEquals(read, IdxFile.read(packed));
        assertArrayEquals(new int[] {-2}, idx(0, 0, 9, 1, 0, 0, 0, 1, 254).toInts());
        assertArrayEquals(new int[] {-2}, idx(0, 0, 11, 1, 0, 0, 0, 1, 255, 254).toInts());
        assertArrayEquals(
                new int[] {0x01020304}, idx(0, 0, 12, 1, 0, 0, 0, 1, 1, 2, 3, 4).toInts());
        assertArrayEquals(
                new double[] {2},
                idx(0, 0, 14, 1, 0, 0, 0, 1, 64, 0, 0, 0, 0, 0, 0, 0).toDoubles());
    }

    @Test
    void aPackedFileThatIsCutOffOrGoesOnIsRefused() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 5, 6});
        }
        byte[] whole = packed.toByteArray();
        Path file = folder.resolve("idx");

        assertEquals(Shape.of(2), IdxFile.read(Files.write(file, whole)).shape());
        for (int cut = 1; cut <= 8; cut++) {
            Files.write(file, Arrays.copyOf(whole, whole.length - cut));
            refused(
                    file + ", byte 10: what is packed ends too early; is the file complete?",
                    () -> IdxFile.read(file));
        }
        for (int more : new int[] {1, 2, 17, 18, 19, 512, 10_000}) {
            Files.write(file, Arrays.copyOf(whole, whole.length + more));
            refused(
                    file + ", byte 10: bytes follow the end of what is packed",
                    () -> IdxFile.read(file));
        }
        Files.write(file, Arrays.copyOf(whole, 5));
        refused(
                file + ", byte 0: the gzip header is cut off; is the file complete?",
                () -> IdxFile.read(file));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(TensorFileException.class, call).getMessage());
    }

    private HostTensor idx(int... bytes) throws IOException {
        byte[] written = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            written[i] = (byte) bytes[i];
        }
        return IdxFile.read(Files.write(folder.resolve("idx"), written));
    }

    @Test
    void whatIsNoSuchFileIsRefusedWithItsPlace() throws IOException {
        refusedIdx("idx, byte 0: an IDX file starts with two bytes of 0", 1, 0, 8, 1);
        refusedIdx(
                "idx, byte 2: the type of the elements is 7; it is 8, 9, 11, 12, 13 or 14",
                0,
                0,
                7,
                1);
        refusedIdx(
                "idx, byte 8: the elements of [5]: 5 bytes are needed, 1 are there; is the file complete?",
                0,
                0,
                8,
                1,
                0,
                0,
                0,
                5,
                1);
        refusedIdx(
                "idx, byte 9: bytes follow that belong to no element",
                0,
                0,
                8,
                1,
                0,
                0,
                0,
                1,
                1,
                2);
        refusedIdx(
                "idx, byte 4: the shape is [4294967295], more than can be addressed",
                0,
                0,
                8,
                1,
                255,
                255,
                255,
                255);
        refusedNpy("byte 0: an .npy file starts with \\x93NUMPY", "\u0093NUMBER!\1\0");
        refusedNpy(
                "byte 6: the version of the format is 9; 1, 2 and 3 can be read",
                "\u0093NUMPY\t\0");
        refusedNpy(
                "byte 12: the header: [descr, fortran_order, shape] are missing",
                "\u0093NUMPY\1\0\2\0{}");
        refusedHeader(
                "the header: the type is '<c8'; b1, i1, i2, i4, i8, u1, u2, u4, f2, f4 and f8 can be read",
                "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}");
        refusedHeader(
                "the header: 'descr' is unknown, or stands twice", "{'descr': '<f4', 'descr': 1}");
        refusedHeader("the header: True or False is missing", "{'fortran_order': 1}");
        refusedHeader("the header: a text in quotes is missing", "{descr: 1}");
        refusedHeader("the header: ')' is missing", "{'shape': (1 2)}");
        refusedHeader(
                "the header: a whole number from 0 is missing, or is more than can be addressed",
                "{'shape': (-1,)}");
        refusedHeader(
                "the shape is [3000000000], more than can be addressed",
                "{'shape': (3000000000,)}");
        refusedHeader("the header: text follows the dictionary", "{} x");
        refused(
                "complex.npy",
                "the header: the type is '<c16'",
                () -> NpyFile.read(numpy("complex.npy")));
        Path text = Files.writeString(folder.resolve("text.npz"), "text");
        refused("text.npz", "byte 0: is not a zip file: ", () -> NpzFile.read(text));
        var arrays = new LinkedHashMap<String, HostTensor>();
        arrays.put("a", HostTensor.of(new float[] {1}, Shape.of(1)));
        Path archive = folder.resolve("archive.npz");
        NpzFile.write(archive, arrays);
        byte[] renamed =
                new String(Files.readAllBytes(archive), StandardCharsets.ISO_8859_1)
                        .replace("a.npy", "a.txt")
                        .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(archive, renamed);
        refused(
                "archive.npz",
                "'a.txt' is no .npy file; an .npz file has others not",
                () -> NpzFile.read(archive));
    }

    private void refusedIdx(String message, int... bytes) {
        var refused = assertThrows(TensorFileException.class, () -> idx(bytes));
        assertEquals(folder + "/" + message, refused.getMessage());
    }

    private void refusedHeader(String part, String header) throws IOException {
        refusedNpy(part, "\u0093NUMPY\1\0" + (char) header.length() + "\0" + header);
    }

    private void refusedNpy(String part, String content) throws IOException {
        Path file =
                Files.write(folder.resolve("a.npy"), content.getBytes(StandardCharsets.ISO_8859_1));
        refused("a.npy", part, () -> NpyFile.read(file));
    }

    private void refused(String name, String part, Executable call) {
        var refused = assertThrows(TensorFileException.class, call);
        assertEquals(folder.resolve(name), refused.file());
        if (!String.valueOf(refused.getMessage()).contains(part)) {
            assertEquals(part, refused.getMessage());
        }
    }
}
